/**
 * onnxruntime from 1.29 on tells its maker how it is used, and keeps a device id and a database in the user's cache folder.
 * The variable is read when the library is loaded. Source: onnxruntime/core/platform/posix/telemetry.cc
 */

/** For the environment of a process that will load onnxruntime, before what the user has set, which counts. */
export const NO_TELEMETRY = { ORT_DISABLE_TELEMETRY: '1' } as const;

/** For this process; to be called before the library is loaded. A user's own setting stays. */
export function turnOffTelemetry(): void {
  process.env.ORT_DISABLE_TELEMETRY ??= NO_TELEMETRY.ORT_DISABLE_TELEMETRY;
}
