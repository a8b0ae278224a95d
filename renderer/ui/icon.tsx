// The icons of the window by the name of what they mean.
import {
  ArrowDown,
  ArrowLeft,
  ArrowLeftRight,
  ArrowRight,
  ArrowUp,
  Check,
  ChevronDown,
  ChevronRight,
  CircleCheck,
  CircleDashed,
  CirclePause,
  CirclePlus,
  CircleX,
  Clock,
  Copy,
  Database,
  Download,
  FileText,
  FlaskConical,
  FolderOpen,
  GitBranch,
  GitFork,
  History,
  Inbox,
  Info,
  KeyRound,
  Keyboard,
  LayoutDashboard,
  Link2,
  ListFilter,
  LoaderCircle,
  Lock,
  MonitorCog,
  Moon,
  OctagonX,
  PanelRight,
  Pause,
  Pencil,
  Play,
  Plug,
  Plus,
  RefreshCw,
  RotateCcw,
  Search,
  Sheet,
  Shield,
  SkipForward,
  Sun,
  Trash2,
  TriangleAlert,
  Undo2,
  Unlink2,
  User,
  X,
} from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

const icons = {
  create: CirclePlus,
  update: Pencil,
  delete: Trash2,
  conflict: GitFork,
  held: CirclePause,
  warn: TriangleAlert,
  clock: Clock,
  lock: Lock,
  key: KeyRound,
  failed: OctagonX,
  letter: Inbox,
  ok: CircleCheck,
  check: Check,
  running: LoaderCircle,
  skip: SkipForward,
  cancelled: CircleX,
  pause: Pause,
  undecided: CircleDashed,
  home: LayoutDashboard,
  sync: RefreshCw,
  runs: History,
  plug: Plug,
  search: Search,
  sun: Sun,
  moon: Moon,
  system: MonitorCog,
  database: Database,
  sheet: Sheet,
  file: FileText,
  flask: FlaskConical,
  branch: GitBranch,
  shield: Shield,
  'chevron-right': ChevronRight,
  'chevron-down': ChevronDown,
  right: ArrowRight,
  left: ArrowLeft,
  both: ArrowLeftRight,
  up: ArrowUp,
  down: ArrowDown,
  panel: PanelRight,
  play: Play,
  copy: Copy,
  download: Download,
  undo: Undo2,
  record: User,
  x: X,
  plus: Plus,
  folder: FolderOpen,
  filter: ListFilter,
  info: Info,
  keyboard: Keyboard,
  link: Link2,
  unlink: Unlink2,
  retry: RotateCcw,
} as const satisfies Record<string, LucideIcon>;

export type IconName = keyof typeof icons;

export interface IconProps {
  readonly name: IconName;
  readonly small?: boolean;
  /** Only where the icon stands alone; elsewhere the word beside it speaks. */
  readonly label?: string;
  readonly className?: string;
}

export function Icon({ name, small = false, label, className }: IconProps): ReactNode {
  const Drawn = icons[name];
  const named = label === undefined ? { 'aria-hidden': true as const } : { 'aria-label': label, role: 'img' };
  const classes = ['i', small ? 'i--sm' : '', name === 'running' ? 'i--turning' : '', className ?? '']
    .filter((part) => part !== '')
    .join(' ');
  return <Drawn className={classes} strokeWidth={1.75} {...named} />;
}

/** The mark of the application. */
export function Mark(): ReactNode {
  return (
    <svg className="i" viewBox="0 0 24 24" aria-hidden="true">
      <path d="M4 7.5h9M10 4l3.5 3.5L10 11M20 16.5h-9M14 13l-3.5 3.5L14 20" strokeWidth="2.2" />
    </svg>
  );
}
