// The sample company's configuration files, as a person would write them.

export const sampleConfig: Readonly<Record<string, string>> = {
  'kanto.yaml': `name: Sample company
`,
  'connections/shop.yaml': `connector: csv
config: { path: data/shop.csv }
`,
  'connections/sales.yaml': `connector: sqlite
config: { path: data/sales.sqlite }
`,
  'connections/ledger.yaml': `connector: csv
config: { path: data/ledger.csv, delimiter: ";", encoding: windows-1252 }
`,
  'syncs/customers.yaml': `title: Customers
owner: data-team@example.org

record:
  fields:
    email:      { type: text, normal: [trim, lowercase], class: personal }
    name:       { type: text, normal: [trim, collapse-spaces], class: personal }
    phone:      { type: text, class: personal }
    street:     { type: text, class: personal }
    zip:        { type: text }
    city:       { type: text }
    since:      { type: date }
    balance:    { type: decimal, scale: 2 }
    status:     { type: enum, values: [active, paused, closed] }
    tags:       { type: list, of: text, ordered: false }
    newsletter: { type: boolean }

match: [email]

endpoints:
  shop:
    connection: shop
    dataset: shop
    key: [id]
    newKey: next
    modified: updated_at
    fields:
      email: email
      name: first_and_last_name
      phone: phone
      street: street
      zip: postcode
      city: city
      since: customer_since
      balance: balance
      status: status
      tags: { column: tags, format: { separator: ";" } }
      newsletter: { column: newsletter, format: { "true": "yes", "false": "no" } }

  sales:
    connection: sales
    dataset: customers
    key: [customer_id]
    modified: updated_at
    fields:
      email: mail
      name: full_name
      phone: { column: phone_no, format: { empty: "null" } }
      street: street
      zip: zip
      city: town
      since: { column: joined, format: dd/MM/yyyy }
      status: { column: state, values: { "1": active, "2": paused, "3": closed }, format: { storage: integer } }
      tags: { column: labels, format: { separator: ",", empty: "null" } }
      newsletter: wants_mail

  ledger:
    connection: ledger
    dataset: ledger
    key: [Nr]
    newKey: next
    allow: [create, update] # books are never deleted
    deletes: ignore
    fields:
      email: E-Mail
      name: Name
      phone: Telefon
      since: { column: Kunde seit, format: dd.MM.yyyy }
      balance: { column: Saldo, format: { decimal: ",", group: "." } }

# Rows that meet for the first time: a gap takes the other's value, then the later change wins; the rest is for a person.
first: [fill, newest, manual]

policies:
  default: [manual]
  tags: [merge]
  balance: [{ priority: [ledger, shop] }]

presence: manual
authority: { balance: { only: [ledger], otherwise: revert } }

limits:
  deletes: { count: 10, share: 0.05 }
  updates: { count: 1000, share: 0.5 }
  skew: 5s

tests:
  - at: shop
    read: { email: " Bob@Posthorn.Example ", customer_since: "2020-02-29", balance: "1234.50", tags: "vip;school", newsletter: "yes" }
    record: { email: bob@posthorn.example, since: "2020-02-29", balance: "1234.50", tags: [school, vip], newsletter: true }
  - at: sales
    read: { joined: "29/02/2020", state: 2, labels: "vip,school", wants_mail: 1, phone_no: "" }
    record: { since: "2020-02-29", status: paused, tags: [school, vip], newsletter: true, phone: null }
    write: { joined: "29/02/2020", state: 2, wants_mail: 1 }
  - at: ledger
    read: { Saldo: "-1.234,50", Kunde seit: "29.02.2020" }
    record: { balance: "-1234.50", since: "2020-02-29" }
    write: { Saldo: "-1.234,50", Kunde seit: "29.02.2020" }
`,
};
