// Where a thing that needs a person is settled.
import type { Need } from '../../../preload/contract/workspace.ts';

export function placeOfNeed(need: Pick<Need, 'kind' | 'sync' | 'run'>): string {
  switch (need.kind) {
    case 'conflicts':
      return `/conflicts?sync=${encodeURIComponent(need.sync)}`;
    case 'deadLetters':
      return `/dead-letters?sync=${encodeURIComponent(need.sync)}`;
    case 'drift':
    case 'differences':
      return `/syncs/${encodeURIComponent(need.sync)}/limits`;
    case 'connection':
      return '/connections';
    case 'withheld':
    case 'skipped':
    case 'failed':
    case 'partial':
      return need.run === undefined ? `/syncs/${encodeURIComponent(need.sync)}` : `/runs/${need.run}${filterOf(need.kind)}`;
  }
}

function filterOf(kind: 'withheld' | 'skipped' | 'failed' | 'partial'): string {
  switch (kind) {
    case 'withheld':
      return '?kind=withheld';
    case 'skipped':
      return '?kind=skip';
    case 'failed':
    case 'partial':
      return '';
  }
}
