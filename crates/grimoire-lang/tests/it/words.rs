//! Ordinary English words that have no business in a request about money: data for the insertion test.

/// Nouns, verbs, adjectives and adverbs of every day.
pub(crate) const ORDINARY: &str = "
    apple anchor ankle answer autumn bacon badger bakery balloon bamboo banana barrel basket beach beard
    bicycle biscuit blanket bottle bread breeze brick bridgehead broom brother bubble bucket butter
    button cabbage cabin camel camera candle canvas captain carpet carrot castle cathedral ceiling
    cellar cheese cherry chicken chimney circus clarinet cloud clover coffee comet compass copper corner
    cottage cotton cousin cradle cricket crystal cucumber curtain cushion daisy dancer dentist desert
    diamond dinner doctor dolphin donkey dragon drawer drummer eagle easel elbow elephant engine
    envelope evening fabric farmer feather fiddle flower flute forest fountain garden garlic giraffe
    glacier glove granite guitar hammer harvestman hedgehog helmet honey horse island jacket jungle
    kettle kitchen kitten ladder lantern lemon leopard library lizard lobster magnet marble meadow melon
    mirror monkey mountain museum mushroom napkin needle nephew noodle notebook ocean onion orchard
    oyster paddle painter palace pancake parrot pebble pencil pepper piano picnic pigeon pillow planet
    pocket potato puddle puppet pyramid quill rabbit radish raincoat raven ribbon river robot rocket
    saddle sailor salad sandal saucer scarf school scissors shadow shoulder silver singer sister sofa
    sparrow spider spoon squirrel statue stove sugar summer sunset table teapot temple thunder tiger
    tomato tractor trumpet tulip tunnel turtle umbrella valley velvet village violin volcano waffle
    walnut walrus whistle willow window winter wizard yogurt zebra admire applaud argue bake bark blink
    boil breathe brush chew climb cough crawl cry dance decorate dig dream drive eat fly fold freeze
    giggle grow hear hike hug hum iron juggle jump kick kneel knit laugh listen mumble paint peel plant
    polish pray ride sail scream sew shave shout sing sketch skate sleep smell smile sneeze sniff snore
    stare swim teach think tickle type wander wash whisper wink wonder yawn yell angry brave bright calm
    cheerful clever cloudy cold crooked curious dirty dusty eager early elegant empty faithful famous
    fancy fierce foggy fragile friendly gentle gloomy graceful greedy handsome hollow hungry icy jealous
    jolly lazy lonely loud lovely merry modest muddy narrow noisy nervous odd orange patient pale
    playful proud purple quiet rapid rough round rude salty scarlet shiny shy silent silky sleepy
    slippery smooth sour spicy steep sticky strange stubborn sunny sweet tall tame tender thick thirsty
    timid tiny tired ugly vast warm weary wide wild wise witty wooden yellow young zealous above abroad
    badly bravely certainly clearly daintily easily elsewhere fairly gladly happily indoors
    kindheartedly loudly madly neatly often outside politely quietly rarely sadly seldom slowly softly
    suddenly truly upstairs usually wildly yearly
";
