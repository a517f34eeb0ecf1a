/** What a file system may refuse, as errors with a remedy. */
import { HiggsError, systemCode } from './errors.js';

const FULL = ['ENOSPC', 'EDQUOT'];
const UNWRITABLE = ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EISDIR', 'EEXIST', 'ENOENT'];

/** Runs something that writes into `dir`. Throws HIGGS_DISK_FULL or HIGGS_CACHE_UNWRITABLE for what a system refuses. */
export async function onDisk<T>(dir: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    const code = systemCode(error) ?? '';
    if (FULL.includes(code)) {
      throw new HiggsError('HIGGS_DISK_FULL', `The disk that holds ${dir} is full.`, { cause: error });
    }
    if (UNWRITABLE.includes(code)) {
      throw new HiggsError('HIGGS_CACHE_UNWRITABLE', `The folder ${dir} cannot be written.`, { cause: error });
    }
    throw error;
  }
}
