// The problems that the shell itself reports, each with what to do.
import type { Problem } from '../../preload/contract/errors.ts';

export const problems = {
  unknownCall: (name: unknown): Problem => ({
    code: 'unknown-call',
    message: `There is no question named ${JSON.stringify(String(name).slice(0, 80))}.`,
    remedy: 'Restart the application: its window and its engine are not of the same version.',
    recovery: 'ask-user',
  }),
  invalidInput: (name: string, detail: string): Problem => ({
    code: 'invalid-input',
    message: `The question ${name} was asked in a form that is not allowed.`,
    remedy: 'Correct what was entered and try again.',
    recovery: 'ask-user',
    detail,
  }),
  foreignSender: (): Problem => ({
    code: 'foreign-sender',
    message: 'A page that is not part of the application asked a question. It was refused.',
    remedy: 'Close that page.',
    recovery: 'stop-run',
  }),
  foreignAddress: (): Problem => ({
    code: 'foreign-address',
    message: 'This address was not given for signing in. It was not opened.',
    remedy: 'Begin to sign in again.',
    recovery: 'ask-user',
  }),
  notOpen: (): Problem => ({
    code: 'workspace-not-open',
    message: 'No workspace is open.',
    remedy: 'Create or unlock the workspace first.',
    recovery: 'ask-user',
  }),
  engineRestarted: (): Problem => ({
    code: 'engine-restarted',
    message: 'The engine stopped while it worked on this and was started again.',
    remedy: 'Try again. Nothing that was saved is lost; a run that was under way goes on.',
    recovery: 'retry',
  }),
  engineFailed: (detail: string): Problem => ({
    code: 'engine-failed',
    message: 'The engine stopped several times in a row and is not started again.',
    remedy: 'Restart the application. Nothing that was saved is lost.',
    recovery: 'ask-user',
    detail,
  }),
  engineNotStarted: (detail: string): Problem => ({
    code: 'engine-not-started',
    message: 'The engine stopped before it could open the workspace.',
    remedy: 'Restart the application; if it happens again, install it anew. The workspace was not changed.',
    recovery: 'ask-user',
    detail,
  }),
  passphraseNeeded: (): Problem => ({
    code: 'passphrase-needed',
    message: 'This computer has no keychain that could keep the key of the workspace.',
    remedy: 'Choose a passphrase.',
    recovery: 'ask-user',
  }),
  keychainLost: (detail: string): Problem => ({
    code: 'keychain-unreadable',
    message: 'The keychain did not give the key of this workspace.',
    remedy: 'Unlock the keychain of this account and restart the application, or enter the passphrase.',
    recovery: 'ask-user',
    detail,
  }),
  outsideWorkspace: (path: string): Problem => ({
    code: 'outside-workspace',
    message: `${path} is not a file of the workspace.`,
    remedy: 'Open it in the file manager yourself.',
    recovery: 'ask-user',
  }),
  shellFailed: (name: string, error: unknown): Problem => ({
    code: 'shell-unexpected',
    message: `The application could not finish ${name}.`,
    remedy: 'Try again. If it happens again, restart the application.',
    recovery: 'retry',
    detail: error instanceof Error ? (error.stack ?? error.message) : String(error),
  }),
} as const;
