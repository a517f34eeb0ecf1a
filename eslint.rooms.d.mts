export interface Room {
  readonly name: string;
  readonly at: readonly string[];
  readonly shared?: boolean;
  readonly job: string;
  readonly calls: readonly string[];
}
export declare const ROOMS: readonly Room[];
export declare function wayBack(file: string, from: string): string[] | undefined;
export declare function refusalOf(from: string, specifier: string): string | undefined;
export declare const rooms: { readonly rules: Record<string, import('eslint').Rule.RuleModule> };
