// Source changes that let the SQLite addon run on Node-API 9, where a persistent reference can hold objects only.

/** A C++ class that keeps any value alive by keeping an object alive that holds it. */
export const boxedReference = `
// A persistent reference to any value: below Node-API 10 only objects can be referenced, so the value is boxed in one.
template <typename T>
class BoxedReference {
public:
	BoxedReference() = default;
	explicit BoxedReference(Napi::Value value) { Reset(value, 1); }
	void Reset(Napi::Value value, uint32_t count) {
		Napi::Object box = Napi::Object::New(value.Env());
		box.Set(uint32_t{0}, value);
		box_.Reset(box, count);
	}
	void Reset() { box_.Reset(); }
	bool IsEmpty() const { return box_.IsEmpty(); }
	T Value() const { return box_.Value().Get(uint32_t{0}).template As<T>(); }
private:
	Napi::ObjectReference box_;
};
`;

/** Text to find and what replaces it, by file of the addon's package. Every one must be found: else the addon is not the one known here. */
export const changes: Readonly<Record<string, readonly (readonly [find: RegExp, replace: string])[]>> = {
  'binding.gyp': [[/NAPI_VERSION=10/g, 'NAPI_VERSION=9']],
  'src/better_sqlite3.cpp': [[/struct Addon;\n/, `${boxedReference}\nstruct Addon;\n`]],
  'src/util/constants.cpp': [
    [/Napi::Reference<Napi::String>/g, 'BoxedReference<Napi::String>'],
    [/Napi::Persistent\((InternalizedFromLatin1\(env, str\))\)/g, 'BoxedReference<Napi::String>($1)'],
  ],
  'src/util/bind-map.cpp': [
    [/Napi::Reference<Napi::String>/g, 'BoxedReference<Napi::String>'],
    [/name\(Napi::Persistent\(/g, 'name(BoxedReference<Napi::String>('],
  ],
  'src/util/helpers.cpp': [[/Napi::Reference<Napi::String>/g, 'BoxedReference<Napi::String>']],
  'src/util/custom-aggregate.cpp': [
    [/Napi::Reference<Napi::Value>/g, 'BoxedReference<Napi::Value>'],
    [/start\(Napi::Persistent\(start\)\)/g, 'start(BoxedReference<Napi::Value>(start))'],
  ],
};
