/**
 * Loaded into node-red-dev before it starts (`node -r`), in its folder: it asks two addresses by name. The registry's is
 * asked through npm, which knows the registry of this machine; where Node-RED's catalogue cannot be reached, it is
 * empty, and its checks for similar names say nothing.
 */
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';

interface Axios {
  get(address: string): Promise<{ readonly data: unknown }>;
}

const CATALOGUE = 'https://catalogue.nodered.org/';
const REGISTRY = 'https://registry.npmjs.org/';

const axios = createRequire(path.join(process.cwd(), 'node_modules', 'node-red-dev', 'package.json'))('axios') as Axios;
const reach = axios.get.bind(axios);

axios.get = async (address) => {
  if (address.startsWith(REGISTRY)) return { data: packageFacts(address.slice(REGISTRY.length)) };
  if (!address.startsWith(CATALOGUE)) return reach(address);
  return reach(address).catch(() => {
    process.stdout.write('The catalogue cannot be reached; names are not compared with it.\n');
    return { data: { modules: [] } };
  });
};

/** What the validator reads of a package's registry entry: its tags, and the engines of the newest version. */
function packageFacts(name: string): unknown {
  const fields = ['dist-tags', 'engines', 'version'];
  const printed = execFileSync('npm', ['view', name, ...fields, '--json'], { encoding: 'utf8', stdio: 'pipe' });
  const facts = JSON.parse(printed) as { 'dist-tags': object; engines: object; version: string };
  return { 'dist-tags': facts['dist-tags'], versions: { [facts.version]: { engines: facts.engines } } };
}
