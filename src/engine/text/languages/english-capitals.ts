/** English words in capitals: which are said as words, which are spelt, and which are common words that somebody shouts. */

const words = (list: string): ReadonlySet<string> => new Set(list.trim().split(/\s+/));

/** Acronyms that people say as words. */
export const SPOKEN_NAMES = words(`
  nasa nato unesco unicef opec covid lego ikea ram rom sim pin lan wlan wan radar sonar laser lidar scuba gif json yaml bios dos aids fifa uefa nasdaq captcha
  swat vat nas hepa osha fema noaa peta taser midi sat zip nema zigbee homekit amoled mac matter thread jira ajax cern gnu linux unix ansi ascii asean aldi lidl
  ebit ebitda sars mers nafta naca nimby pac yolo lol potus scotus soho tesla volvo audi fiat seat saab canon nikon epson intel nvidia sony bose
  visa amex hilton dyson roomba alexa siri echo sonos hue nest ring arlo eero plex kodi tado wled shelly tuya esphome asus acer dell vizio roku
  basic cobol fortran perl java ruby rust scala
`);

/** Names in capitals that are spelt though they could be read. */
export const SPELT_NAMES = words(`
  ac ad ai am api app atm av bc bce bbc bmw bp ceo cfo cia cio cms cnc co coo cpu crt ct cto cv dc diy dj dna dst dvd dvi ecg ecu eeg ekg en eta ev eu faq fbi fda
  fm gb gdp gmt gop gps gpu gui hd hdd hiv hq hr ht hvac ibm id iq iot ip irs iso isp it kpi led lcd lg md mit mot mp mph mri msg nba nfl nhl nsa ny nyc
  oled os ost pa pc pcb pda pdf pdt pe ph phd pi pm pr ps psi psu pta pto pv qr rc rfid rgb rna rpm rsvp rv sdk sd sec seo sms sos sql sr ssd sso ssl suv tls tv
  ufo uhd uk un ups uri url us usa usb utc uv ux va vga vhs vip voc vpn vr wc ww xl xml aqi tvoc poe cec ir rf ota cbt ivf adhd aarp ucla usda ieee ascap iata icao imap
  aa aaa abc aka asap eid epa esa esl est edt cst cdt mst pst cet cest bst gmbh ag kg nbc cbs cnn hbo mtv pbs npr espn mls mlb ncaa ufc wwe gm ge
  hp amd ssh ftp dns dhcp lte gsm apn icu er ob gyn iv bmi bpm cc cd mb kb tb hz khz fps dpi ppm ppb ado ide cli gui io ios eof eol utf ui
`);

/** Common words of up to five letters, which are words in capitals too: do NOT touch. */
export const SHOUTED_WORDS = words(`
  a i am an and are as at be by can do go he her his if in is it me my no not now of off on one or our out so the to too two up us was we yes you all any ask ate bad bag bar bat
  bed bee big bin bit box boy bug bus but buy cab cap car cat cow cry cup cut day did die dog dry due ear eat egg end eye far fan fat few fit fix fly fog for fox fun gas get god
  got gun guy had has hat hen hey hi him hit hot how ice ill its job joy key kid lap law lay leg let lid lie lip lot low mad man map mat may men met mix mom mop mud mum
  new nor nut oak oh oil old our own pan pay pea pen pet pie pig pit pot put ran rat raw red rid row rub run sad saw say sea see set she shy sit six sky son sun
  tag tap tax tea ten tie tin tip toe ton top toy try tub use van via wam war way wet who why win won yet zoo able acid also area army away baby back ball band bank base bath bean
  bear beat been beer bell belt bend best bike bill bird bite blow blue boat body bone book boot born both bowl burn bush busy cake call calm came camp card care cash cell chat
  chef city club coal coat code cold come cook cool copy corn cost crew crop dark data date dead deaf deal dear deep deer desk dial diet dirt dish does done door down draw dress drop
  dust duty each earn east easy edge else even ever exit face fact fail fair fall farm fast fear feed feel feet fell file fill film find fine fire fish five flag flat flow food foot
  form four free from fuel full fund game gate gave gear gift girl give glad goal goes gold gone good gray grew grey grow half hall hand hang hard harm hate have head hear heat held
  hell help here hero hide high hill hint hire hold hole holy home hope hose hour huge hunt hurt idea inch into iron item jail join joke jump june july just keep kept kick kill kind
  king kiss knee knew know lady lake lamp land lane last late lawn lead leaf leak left lens less life lift like line link lion list live load loan lock long look lose loss lost loud
  love luck lunch mail main make male many mark meal mean meat meet menu mess mice mild milk mind mine miss mode moon more most move much must nail name near neck need news next nice
  nine none noon nose note oats once only open oven over pack page paid pain pair palm park part pass past path peak pick pink pipe plan play plug plus pond pool poor port post pour
  pull pump pure push quit race rain rare rate read real rear rent rest rice rich ride ring rise risk road rock role roll roof room root rope rose rule rush safe said sail sale salt
  same sand save seat seed seek seem seen self sell send sent ship shoe shop shot show shut sick side sign sing sink size skin slow snow soap sock soft soil sold some song soon sort
  soup spot star stay step stop such suit sure swim take tale talk tall tank tape task team tell tent term test text than that them then they thin this thus tide tidy time tiny tire
  toll tone took tool tour town tree trip true tube turn twin type ugly unit upon used user very view vote wage wait wake walk wall want warm warn wash wave weak wear week well went
  were west what when whom wide wife wild will wind wine wing wipe wire wise wish with wood wool word work worn yard yeah year your zero zone about above abuse actor after again
  agent alarm alert alone along among angry apple april armed aside avoid awake aware badly bacon beach began begin being below bench black blame blind blood board boiler brake bread
  break bring broke brown build built bulb buyer cabin cable calls camera candy carry catch cause chain chair cheap check chest child clean clear click climb clock close cloud coast
  coffee could count court cover crash cream crime cross crowd daily dance death delay dirty doors doubt draft dream drink drive early earth eight email empty enemy enjoy enter equal
  error event every exact extra faith false fault fever field fifth fight final first flame flash float flood floor flour fluid focus force found frame fresh front fruit fully funny
  ghost giant given glass grass great green group guard guess guest guide happy heart heavy hello hence honey horse hotel house human hurry image inner issue itself judge juice knife
  large laugh laugh learn least leave level light limit local loose lower lucky lunch magic major maker maybe metal might minor model money month motor mouse mouth movie music never
  night noise north novel nurse ocean offer often onion order other outer owner paint panel paper party pause peace phone photo piano piece pilot pizza place plain plane plant plate
  point pound power press price print prize proof proud quick quiet quite radio raise range reach react ready reply right river robot rough round royal rural salad scale scene score
  sense serve seven shade shake shall shape share sharp sheet shelf shift shirt shock short shown sight since skill sleep slide small smart smell smile smoke solar solid solve sorry
  sound south space spare speak speed spend staff stage stair start state steam steel stick still stock stone store storm story stove study style sugar sunny sweet table taken taste
  teach thank their there these thick thing think third those three throw tired title today total touch tower track trade trail train trash treat trees trial truck truly trust truth
  twice under union until upper upset urban usual video visit vital voice waste watch water wheel where which while white whole whose woman women world worry worse worst worth would
  write wrong young
`);

/** Names whose letters are of both cases, and what is said. */
export const MIXED_NAMES: ReadonlyMap<string, string> = new Map([
  ['PhD', 'P H D'],
  ['IoT', 'I O T'],
  ['GmbH', 'G M B H'],
  ['WiFi', 'Wi-Fi'],
  ['WIFI', 'Wi-Fi'],
  ['WLAN', 'W Lan'],
  ['pH', 'P H'],
  ['OLED', 'O L E D'],
  ['JPEG', 'Jay-peg'],
  ['JPG', 'Jay-peg'],
  ['OK', 'okay'],
  ['Ok', 'okay'],
  ['oK', 'okay'],
  ['ok', 'okay'],
  ['DIYer', 'D I Yer'],
  ['eSIM', 'E Sim'],
  ['mmWave', 'millimeter wave'],
  ['kWh', 'kilowatt hour'],
  ['HomePod', 'Home Pod'],
]);
