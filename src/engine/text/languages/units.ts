/** Units of measure by the way they are written, English and German beside each other. */
import type { CountedNoun } from './types.js';

/** "km kilometer; ft foot/feet": a key, its noun, and the plural where it is not noun + s. `_` is a blank inside a key. */
const ENGLISH = `
mm millimeter; cm centimeter; dm decimeter; m meter; km kilometer; µm micrometer; nm nanometer; mi mile; yd yard
ft foot/feet; mph mile per hour/miles per hour; kph kilometer per hour/kilometers per hour
kmh kilometer per hour/kilometers per hour; kt knot; kts knot; kn knot; deg degree; mmHg millimeter of mercury/millimeters of mercury
mm² square millimeter; cm² square centimeter; m² square meter; km² square kilometer; ha hectare; sqm square meter
m2 square meter; km2 square kilometer; cm2 square centimeter; sqft square foot/square feet; sq_ft square foot/square feet
sq_m square meter; sq_km square kilometer; sq_mi square mile; sq_in square inch/square inches; sq_yd square yard
cm³ cubic centimeter; m³ cubic meter; m3 cubic meter; cm3 cubic centimeter; ft² square foot/square feet; ft³ cubic foot/cubic feet
cu_ft cubic foot/cubic feet; cu_m cubic meter; dm³ cubic decimeter; mm³ cubic millimeter; km³ cubic kilometer; in² square inch/square inches
µg microgram; mg milligram; g gram; kg kilogram; t ton; lb pound; lbs pound; oz ounce; fl_oz fluid ounce
ml milliliter; mL milliliter; cl centiliter; dl deciliter; l liter; L liter; hl hectoliter; gal gallon; qt quart; tbsp tablespoon; tsp teaspoon
ms millisecond; µs microsecond; ns nanosecond; s second; sec second; secs second; min minute; mins minute; h hour; hr hour; hrs hour
yr year; yrs year; wk week; wks week
mA milliamp; A amp; Ah amp hour; mAh milliamp hour; mV millivolt; V volt; kV kilovolt; mW milliwatt; W watt; kW kilowatt
MW megawatt; GW gigawatt; TW terawatt; Wh watt hour; kWh kilowatt hour; MWh megawatt hour; GWh gigawatt hour; TWh terawatt hour
VA volt ampere; kVA kilovolt ampere; var var
kWp kilowatt peak/kilowatts peak; Wp watt peak/watts peak; Ω ohm; kΩ kiloohm; MΩ megaohm; µA microamp; µF microfarad; nF nanofarad
µV microvolt; µW microwatt
Hz hertz/hertz; kHz kilohertz/kilohertz; MHz megahertz/megahertz; GHz gigahertz/gigahertz; rpm revolution per minute/revolutions per minute
bpm beat per minute/beats per minute; fps frame per second/frames per second; dpi dot per inch/dots per inch
Pa pascal; hPa hectopascal; kPa kilopascal; MPa megapascal; mbar millibar; bar bar; psi pound per square inch/pounds per square inch
ppm part per million/parts per million; ppb part per billion/parts per billion; dB decibel; dBm decibel milliwatt/decibel milliwatts; dBA decibel
lx lux/lux; lm lumen; cd candela; J joule; kJ kilojoule; MJ megajoule; cal calorie; kcal kilocalorie; Nm newton meter; hp horsepower/horsepower
kB kilobyte; KB kilobyte; MB megabyte; GB gigabyte; TB terabyte; PB petabyte; KiB kibibyte; MiB mebibyte; GiB gibibyte; TiB tebibyte
bit bit; kbit kilobit; Mbit megabit; Gbit gigabit; Mb megabit; Gb gigabit; kbps kilobit per second/kilobits per second
Mbps megabit per second/megabits per second; Gbps gigabit per second/gigabits per second; px pixel; MP megapixel
K kelvin/kelvin; ° degree; C degree Celsius/degrees Celsius; F degree Fahrenheit/degrees Fahrenheit; °C degree Celsius/degrees Celsius
°F degree Fahrenheit/degrees Fahrenheit; % percent/percent; ‰ per mille/per mille; ct cent; ¢ cent; pH pH/pH; UV UV
`;

/** As the English table; feminine nouns are marked by f, and the plural is the noun where none is given. */
const GERMAN = `
mm Millimeter; cm Zentimeter; dm Dezimeter; m Meter; km Kilometer; µm Mikrometer; nm Nanometer; kmh Kilometer pro Stunde; kt Knoten; kn Knoten
mi f Meile/Meilen; ft Fuß; mph f Meile pro Stunde/Meilen pro Stunde
mm² Quadratmillimeter; cm² Quadratzentimeter; m² Quadratmeter; m2 Quadratmeter; qm Quadratmeter; km² Quadratkilometer; km2 Quadratkilometer; ha Hektar
cm³ Kubikzentimeter; m³ Kubikmeter; m3 Kubikmeter; cbm Kubikmeter; dm³ Kubikdezimeter; mm³ Kubikmillimeter; cm2 Quadratzentimeter; cm3 Kubikzentimeter
µg Mikrogramm; mg Milligramm; g Gramm; kg Kilogramm; t f Tonne/Tonnen; Pfd Pfund; ml Milliliter; mL Milliliter; cl Zentiliter; dl Deziliter; l Liter; L Liter; hl Hektoliter
EL Esslöffel; TL Teelöffel
ms f Millisekunde/Millisekunden; µs f Mikrosekunde/Mikrosekunden; ns f Nanosekunde/Nanosekunden; s f Sekunde/Sekunden; sec f Sekunde/Sekunden; Sek f Sekunde/Sekunden
min f Minute/Minuten; Min f Minute/Minuten; h f Stunde/Stunden; Std f Stunde/Stunden; d Tag/Tage
mA Milliampere; A Ampere; Ah f Amperestunde/Amperestunden; mAh f Milliamperestunde/Milliamperestunden; mV Millivolt; V Volt; kV Kilovolt
mW Milliwatt; W Watt; kW Kilowatt; MW Megawatt; GW Gigawatt; TW Terawatt; Wh f Wattstunde/Wattstunden; kWh f Kilowattstunde/Kilowattstunden
MWh f Megawattstunde/Megawattstunden; GWh f Gigawattstunde/Gigawattstunden; TWh f Terawattstunde/Terawattstunden
VA Voltampere; kVA Kilovoltampere; kWp Kilowatt Peak; Wp Watt Peak; Ω Ohm; kΩ Kiloohm; MΩ Megaohm; µA Mikroampere; µV Mikrovolt; µF Mikrofarad
Hz Hertz; kHz Kilohertz; MHz Megahertz; GHz Gigahertz; rpm f Umdrehung pro Minute/Umdrehungen pro Minute; bpm Schlag pro Minute/Schläge pro Minute
fps Bild pro Sekunde/Bilder pro Sekunde; dpi Punkt pro Zoll/Punkte pro Zoll; psi Pfund pro Quadratzoll; dBm Dezibel Milliwatt; MP Megapixel
Pa Pascal; hPa Hektopascal; kPa Kilopascal; MPa Megapascal; mbar Millibar; bar Bar; ppm Teil pro Million/Teile pro Million; ppb Teil pro Milliarde/Teile pro Milliarde
dB Dezibel; dBA Dezibel; lx Lux; lm Lumen; cd Candela; J Joule; kJ Kilojoule; MJ Megajoule; cal f Kalorie/Kalorien; kcal f Kilokalorie/Kilokalorien; Nm Newtonmeter; PS PS
kB Kilobyte; KB Kilobyte; MB Megabyte; GB Gigabyte; TB Terabyte; PB Petabyte; KiB Kibibyte; MiB Mebibyte; GiB Gibibyte; TiB Tebibyte
bit Bit; Mbit Megabit; kbit Kilobit; Gbit Gigabit; Mb Megabit; Gb Gigabit; kbps Kilobit pro Sekunde; Mbps Megabit pro Sekunde; Gbps Gigabit pro Sekunde; px Pixel
K Kelvin; C Grad Celsius; F Grad Fahrenheit; ° Grad; °C Grad Celsius; °F Grad Fahrenheit; % Prozent; ‰ Promille; ct Cent; Ct Cent; ¢ Cent
`;

function entriesOf(table: string): [key: string, words: string[]][] {
  return table
    .split(/[;\n]/)
    .map((entry) => entry.trim().split(' '))
    .filter(([key]) => key !== '')
    .map(([key = '', ...words]) => [key.replaceAll('_', ' '), words]);
}

export const ENGLISH_UNITS: ReadonlyMap<string, CountedNoun> = new Map(
  entriesOf(ENGLISH).map(([key, words]) => {
    const [noun = '', many = `${noun}s`] = words.join(' ').split('/');
    return [key, { one: `one ${noun}`, many, bare: noun }];
  }),
);

export const GERMAN_UNITS: ReadonlyMap<string, CountedNoun> = new Map(
  entriesOf(GERMAN).map(([key, words]) => {
    const isFeminine = words[0] === 'f';
    const [noun = '', many = noun] = words
      .slice(isFeminine ? 1 : 0)
      .join(' ')
      .split('/');
    return [key, { one: `${isFeminine ? 'eine' : 'ein'} ${noun}`, many, bare: noun }];
  }),
);

/** Behind a stroke, beside units: $5/month, 12 €/Monat. Any other word is said as it is written. */
export const ENGLISH_PERIODS: ReadonlyMap<string, string> = new Map([
  ['mo', 'month'],
  ['mth', 'month'],
  ['yr', 'year'],
  ['y', 'year'],
  ['wk', 'week'],
  ['d', 'day'],
  ['hr', 'hour'],
  ['pp', 'person'],
  ['ea', 'each'],
  ['s', 'second'],
  ['m', 'meter'],
]);
export const GERMAN_PERIODS: ReadonlyMap<string, string> = new Map([
  ['Mon', 'Monat'],
  ['Mt', 'Monat'],
  ['J', 'Jahr'],
  ['Wo', 'Woche'],
  ['d', 'Tag'],
  ['Pers', 'Person'],
  ['Stk', 'Stück'],
  ['St', 'Stück'],
  ['s', 'Sekunde'],
]);
