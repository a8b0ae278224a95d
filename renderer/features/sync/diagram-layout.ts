// Where the endpoints stand around the record, and where the arrows run.

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Wire {
  readonly endpoint: number;
  readonly kind: 'read' | 'write' | 'withheld';
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

export interface WireWanted {
  readonly reads: boolean;
  readonly writes: boolean;
  readonly withheld: boolean;
}

export interface DiagramLayout {
  readonly height: number;
  readonly hub: Box;
  readonly nodes: readonly Box[];
  readonly wires: readonly Wire[];
}

export interface DiagramSizes {
  readonly node: number;
  readonly hub: number;
  readonly row: number;
}

/** Where upright wires leave the record, in halves of its width, by how many there are: their labels stand beside them. */
const SPREAD: Readonly<Record<number, readonly number[]>> = { 1: [0], 2: [-0.25, 0.25], 3: [-0.6, -0.05, 0.78] };
const GAP_PX = 14;
const EDGE_PX = 3;

/** `x` and `y` are middles. Two endpoints stand left and right; the third below; more fill two columns. */
export function layoutOf(width: number, wanted: readonly WireWanted[], sizes: DiagramSizes): DiagramLayout {
  const count = wanted.length;
  const boxHeight = 68;
  const rows = count <= 2 ? 1 : count === 3 ? 2 : Math.ceil(count / 2);
  const height = rows === 1 ? sizes.row * 1.5 : sizes.row * rows + 12;
  const rowY = (row: number): number => (rows === 1 ? height / 2 : sizes.row * (row + 0.5) + (sizes.row >= 128 ? 22 : 6));
  const left = Math.max(sizes.node / 2 + 12, width * 0.14);
  const right = width - left;
  const hub: Box = { x: width / 2, y: count <= 3 ? rowY(0) : height / 2, width: sizes.hub, height: boxHeight };
  const nodes = wanted.map((_, index): Box => {
    if (count === 3 && index === 2) return { x: width / 2, y: rowY(1), width: sizes.node, height: boxHeight };
    return { x: index % 2 === 0 ? left : right, y: rowY(Math.floor(index / 2)), width: sizes.node, height: boxHeight };
  });
  const wires = wanted.flatMap((wire, index) => {
    const node = nodes[index];
    return node === undefined ? [] : wiresOf(hub, node, wire, index);
  });
  return { height, hub, nodes, wires };
}

function wiresOf(hub: Box, node: Box, wanted: WireWanted, endpoint: number): Wire[] {
  const kinds = (['read', 'write', 'withheld'] as const).filter((kind) =>
    kind === 'read' ? wanted.reads : kind === 'write' ? wanted.writes : wanted.withheld,
  );
  const isBelow = node.x === hub.x;
  return kinds.map((kind, at): Wire => {
    const offset = (at - (kinds.length - 1) / 2) * GAP_PX * 2;
    if (isBelow) {
      const x = hub.x + (hub.width / 2) * (SPREAD[kinds.length]?.[at] ?? 0);
      const hubY = hub.y + hub.height / 2 + EDGE_PX;
      const nodeY = node.y - node.height / 2 - EDGE_PX;
      return kind === 'read'
        ? { endpoint, kind, x1: x, y1: nodeY, x2: x, y2: hubY }
        : { endpoint, kind, x1: x, y1: hubY, x2: x, y2: nodeY };
    }
    const side = node.x < hub.x ? -1 : 1;
    const hubX = hub.x + side * (hub.width / 2 + EDGE_PX);
    const nodeX = node.x - side * (node.width / 2 + EDGE_PX);
    const hubY = hub.y + offset * 0.7;
    const nodeY = node.y + offset * 0.7;
    return kind === 'read'
      ? { endpoint, kind, x1: nodeX, y1: nodeY, x2: hubX, y2: hubY }
      : { endpoint, kind, x1: hubX, y1: hubY, x2: nodeX, y2: nodeY };
  });
}
