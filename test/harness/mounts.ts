// Whether a test may mount a small disk to fill up.

export const mayMount = process.platform === 'linux' && process.getuid?.() === 0;
