import { SWITCHES } from '../../nodes/common/catalogue.js';
import type { NumberRule } from '../../src/engine/options.js';
import { HTTP_RULES } from '../../src/service/http/rules.js';
import { WYOMING_RULES } from '../../src/service/wyoming/rules.js';
import type { Form, PlainField } from './form.js';
import { HEAD } from './speaking.js';

const limit = (name: keyof typeof HTTP_RULES, icon: string): PlainField => {
  const rule: NumberRule = HTTP_RULES[name];
  return { kind: 'plain', name, icon, label: `server.${name}`, value: '', rule, example: String(rule.fallback) };
};

export const SERVER: Form = {
  type: 'higgs-server',
  head: HEAD,
  tabs: [
    {
      id: 'address',
      icon: 'plug',
      label: 'server.tabs.address',
      rows: [
        { kind: 'plain', name: 'host', icon: 'sitemap', label: 'server.host', value: '', hint: 'server.hostHint' },
        {
          kind: 'plain',
          name: 'port',
          icon: 'globe',
          label: 'server.port',
          value: String(HTTP_RULES.port.fallback),
          rule: HTTP_RULES.port,
          hint: 'server.portHint',
        },
        {
          kind: 'plain',
          name: 'wyomingPort',
          icon: 'comments-o',
          label: 'server.wyomingPort',
          value: '',
          rule: WYOMING_RULES.port,
          hint: 'server.wyomingPortHint',
        },
        {
          kind: 'plain',
          name: 'languages',
          icon: 'language',
          label: 'server.languages',
          value: '',
          hint: 'server.languagesHint',
        },
        {
          kind: 'switch',
          name: 'zeroconf',
          icon: 'bullhorn',
          label: 'server.zeroconf',
          value: SWITCHES.zeroconf,
          hint: 'server.zeroconfHint',
        },
        { kind: 'tip', text: 'server.addressTip' },
      ],
    },
    {
      id: 'access',
      icon: 'key',
      label: 'server.tabs.access',
      rows: [
        { kind: 'secret', name: 'apiKeys', icon: 'key', label: 'server.apiKeys', hint: 'server.apiKeysHint' },
        {
          kind: 'plain',
          name: 'corsOrigins',
          icon: 'window-maximize',
          label: 'server.corsOrigins',
          value: '',
          hint: 'server.corsOriginsHint',
        },
        {
          kind: 'plain',
          name: 'allowedHosts',
          icon: 'tag',
          label: 'server.allowedHosts',
          value: '',
          hint: 'server.allowedHostsHint',
        },
        {
          kind: 'switch',
          name: 'strictVoices',
          icon: 'user-circle-o',
          label: 'server.strictVoices',
          value: SWITCHES.strictVoices,
          hint: 'server.strictVoicesHint',
        },
        limit('requestsPerMinute', 'tachometer'),
        limit('speechLimit', 'list-ol'),
        limit('connectionLimit', 'exchange'),
        { kind: 'tip', text: 'server.accessTip' },
      ],
    },
  ],
};
