// The two parts of a place in the hash: `/runs?status=failed`.

export function pathOf(place: string): string {
  return place.split('?')[0] ?? '/';
}

export function queryOf(place: string): string {
  return place.split('?')[1] ?? '';
}
