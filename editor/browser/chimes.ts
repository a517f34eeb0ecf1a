/** Completes the names of the chimes that the engine can ring. */
export const searchChimes: Completion = (value, done) => {
  const wanted = value.toLowerCase();
  const names = RED.settings.higgsEngineChimes ?? [];
  done(names.filter((name) => name.includes(wanted)).map((name) => ({ value: name, label: name })));
};
