"""Sentences that end a check-in, and sentences that must not. To extend them, add a line."""

DANGER = """
I hate myself so much
don't see the point of being here
I don't see the point anymore
honestly whats the point of going on
everyone would be better off without me
they'd all be better off if I was gone
I want to die
i just wanna die
I WANT TO DIE
nothing this week. i keep thinking about killing myself
I've been having suicidal thoughts again
thinking about suicide a lot lately
I can't go on like this
cant do this anymore, I want it all to stop
I wish I was dead
wish i'd never been born
I wish I wouldn't wake up tomorrow
I just want to go to sleep and never wake up
I don't want to be here anymore
dont want to be alive
I don’t want to live like this, I don't want to live
kms
tbh i might just unalive myself
I'm going to end it tonight
I think about ending it all
I took too many pills
took all my sleeping pills an hour ago
I've been saving up my tablets
there's nothing left to live for
no reason to live really
I'm tired of living
so tired of being alive
life isn't worth living
I've lost the will to live
I want to stop living
I hate being alive
nobody would miss me
no one would even notice if I was gone
I'm such a burden to everyone
I feel like a burden
I've written letters to everyone to say goodbye
this is goodbye everyone
I won't be here for christmas
I won't be around much longer
I want to disappear
cut myself again last night
I've started cutting again
relapsed, self-harm, third time this month
I keep hurting myself on purpose
I don't trust myself tonight, I might do something stupid to myself
I'm scared of what I might do
there is no way out for me
everything feels hopeless
i feel dead inside
I'd rather be dead than go back there
just let me die
i could jump off the bridge and nobody'd care
I keep imagining driving into a tree
helped Ana with her tax form, but honestly I don't want to be here any more
my friend wants to kill herself and I don't know what to do
my brother says he is going to kill himself
Rui told me he doesn't want to live anymore
she says she wants to die
my daughter has been self harming
my flatmate took an overdose last night
my husband hits me
my boyfriend hit me again last night
he beats me when he drinks
he choked me on saturday
my dad beats us
dad hits mum
her husband hits her and she showed me the bruises
I'm scared of my husband
I'm afraid to go home
I don't feel safe at home
he said he'd kill me if I leave
my husband will kill me if I leave
he'll kill me if I leave him
he's going to kill me when he finds me
my boyfriend is going to kill me if I go to the police
my ex will kill me when he finds out where I live
he would kill me if I left
my dad will kill me if he finds out
he hit me with a belt
he beat me up the other night
he pushed me to the floor
he beat me at home
he kicked me to the ground
he punched me at the party
I burned myself with the lighter on purpose
I cut myself in the kitchen on purpose
my ex threatened to kill me
my ex keeps following me home
someone is stalking me
he has a knife
he won't let me leave the house
I was raped
my uncle touches me at night
my partner locked me in again
hiding in the bathroom from him
please call the police
i got death threats from the neighbour
I was sexually assaulted on friday
0 tbh. nobody. and i don't see why i should stay alive
I dont see any reason to keep going
what's the point in anything
wish I could just not exist
the world would be better without me
i can't take it anymore 😭
ready to die, honestly
i want to end my life
Suicde is all I think about
want too kil myself
my life is over, i want to be gone
my nephew overdosed
I cant see a way forward anymore, everything hurts and i want it to be over
sometimes i think it'd be easier if i wasn't here
if i died tomorrow nobody would notice
I'm thinking of ending my life
i don't know how much longer i can do this, i want out
life is pointless
I have no will to go on
i'm going to hurt myself
he grabbed me by the throat
my husband threw a plate at me and I'm scared to be alone with him
my son said he wants to die
my sister tried to commit suicide on sunday
she tried to kill herself
my stepfather hits my mother
I dont wanna be alive anymore
thoughts of suicide every day
I feel like everyone would be happier without me
nobody would care if I died
I've stopped eating on purpose because I hate myself, I hurt myself too
I keep thinking about death
there's no point in living
why am i even alive
I wish I could die in my sleep
I slit my wrists
i want to jump off a bridge
my partner strangled me
He raped me
i'm so scared he'll kill me
my neighbour is threatening me
I took an overdose
as a student I want to die every day
watched a film and afterwards I wanted to die
my friend who is suicidal called me
I'm dying inside
i can't go on a day longer
helped a client, then came home and tried to kill myself
I work as a nurse and I can't do this anymore, I want to die
patients all day and all i think about is ending my life
I really don't want to be alive right now
cant stop thinking about dying
i have a plan to end it
I've been feeling like everybody would be happier if i just disappeared
whats even the point in being alive
i feel so alone and want to end everything
not sure i'll make it through the night
I don't want to exist
i hate my life and i want out
I cut my arms again
been cutting again
I drank bleach
I want to hang myself
i bought the rope
nothing matters anymore, im done with life
there's no hope left for me
please help me i want to die
I just can't do life anymore
I'm not going to be here next week, sorry for everything
my dad hit me
He pushed me down the stairs last night
my boyfriend won't let me see my friends and hits me
she's threatening to kill me
my husband said he will kill me
someone broke in and I'm scared
he's outside my door with a knife
My roommate said she wants to end her life
my best mate tried to hang himself
I'm thinking about jumping in front of a train
I'm so tired of living like this
my brother is in rehab after an overdose
I've been thinking of not being here any more
it would be a relief not to wake up
honestly I'd rather not exist
I don't think I can keep living
feeling suicidal tonight
he hurt me again
my girlfriend punched me in the face
i'm being beaten at home
my ex said she'd stab me
I'm frightened of my partner
I keep cutting
my sister is suicidal
there's no point me being here
life has no meaning, i want to die
can't see myself living past this year
I have nothing to live for since she left
my friend attempted suicide yesterday
"""

LOSS = """
Mrs Okafor died on tuesday
old Mr Pinto passed away last night
Mrs Okafor from the third floor died
my dad died|your dad
dad died on sunday|your dad
Mum passed away last night.|your mum
grandma passed away|your grandma
my grandmother died this morning, so nothing from me|your grandmother
we lost grandpa on tuesday|your grandpa
I lost my mother two weeks ago|your mother
my best friend died|your best friend
a good friend of mine passed away|your friend
my little brother was killed by a drunk driver|your little brother
my sister took her own life|your sister
our dog died yesterday|your dog
the cat died :(|your cat
had to put our old dog down|your dog
had to have the cat put to sleep|your cat
my hamster died, I know it's silly|your hamster
I had a miscarriage
we lost the baby|your baby
my sister had a miscarriage|your sister
our baby was stillborn|your baby
there was no heartbeat
nothing. funeral tomorrow
I was at a funeral all day
the funeral is on thursday
my aunt's funeral was on monday|your aunt
organising my father's funeral|your father
uncle died, flying home|your uncle
my poor old granddad died|your granddad
nan's dead|your nan
my husband's mother died|your husband's mother
our neighbour died last week|your neighbour
my old boss passed away, went to the wake|your boss
i'm grieving, not much else
still in mourning
a friend died
Tomás died.
rui passed away on saturday
she died this morning
he's gone.
because grandad died|your grandad
my wife is dead|your wife
my son died|your son
we buried my mum today|your mum
lost my dad|your dad
MY DAD DIED!!|your dad
dad dieed today|your dad
my mum past away|your mum
my cousin killed himself|your cousin
one year since mum died|your mum
helped Ana move, then heard that my uncle died|your uncle
sorry for the silence, my mother in law died|your mother in law
can't believe he's gone
i lost someone close to me
my grandfather passed peacefully|your grandfather
i'm on bereavement leave
said goodbye to my nan yesterday, she slipped away|your nan
my parents both died this year|your parents
nothing - death of a close friend
my ex died and I don't know what to feel|your ex
moms gone and i miss her|your mom
my dad passed away this morning|your dad
Our cat passed away|your cat
My dad passed.|your dad
lost my grandma on Friday|your grandma
nothing this week, my uncle passed|your uncle
my friend Lena died|your friend
Lena died on Saturday
my father-in-law died|your father in law
we had to put our dog to sleep yesterday|your dog
went to my grandfather's funeral|your grandfather
Funeral on Friday, sorry
my wife had a miscarriage|your wife
mom died 💔|your mom
my bff passed away|your bff
Someone I loved died
my nephew was stillborn|your nephew
her heart stopped, mum is gone|your mum
it's the anniversary of my dad's death|your dad
my dad died two weeks ago|your dad
We lost our baby at 12 weeks|your baby
my colleague's funeral was today|your colleague
I can't cope with her death
after the movie i cried because my mum died|your mum
my dad (79) died|your dad
MUM DIED|your mum
my mother passed|your mother
Dad's died.|your dad
Found out my uncle died|your uncle
My grandmother has passed away|your grandmother
i lost my husband in march|your husband
had to say goodbye to our dog today|your dog
Our rabbit died|your rabbit
our friend Marta died in a car crash|your friend
miscarried last week
i miscarried
attending a funeral this weekend
my sister lost her baby|your sister
I'm still grieving my mum
the funeral of my uncle
dad took his own life|your dad
my gran passed|your gran
My uncle Rui died on Monday|your uncle
lost my best friend to cancer|your best friend
we're burying my brother tomorrow|your brother
my cousin's funeral|your cousin
nana is gone, she died in her sleep|your nana
my puppy died|your puppy
had a stillbirth
"""

ILLNESS = """
nothing, dad's in hospital|your dad
dads in hospital|your dad
Dad is in the hospital again.|your dad
my mum is in hosptial|your mum
mum had a stroke|your mum
my father had a heart attack on monday|your father
my wife has cancer|your wife
my sister was diagnosed with leukemia|your sister
my best friend is dying|your best friend
grandma is in hospice|your grandma
grandad is very ill|your grandad
my son is in intensive care|your son
our baby is in the NICU|your baby
took my dad to A&E last night|your dad
in A&E with my son all night|your son
I'm in hospital
i'm in the hospital since tuesday
been in hospital all week
I have cancer
I was diagnosed with MS on tuesday
got diagnosed with breast cancer
my chemo started
I had a heart attack
I was in a car accident
we had a car crash on the way home
i got hit by a car
my brother was in an accident|your brother
my boyfriend had a motorbike accident|your boyfriend
my daughter broke her leg|your daughter
nan fell down the stairs|your nan
mum's operation is tomorrow|your mum
my partner is having surgery on friday|your partner
my grandmother has dementia and it's getting worse|your grandmother
dad doesn't recognise me any more|your dad
my mother is seriously ill|your mother
it's cancer
the cancer is back
she has weeks to live
they gave him six months
my husband's in a coma|your husband
sister rushed to hospital|your sister
the ambulance came for dad|your dad
my colleague collapsed and is on life support|your colleague
visiting my dad in hospital every day|your dad
my cat is dying|your cat
I'm terminally ill
our neighbour is in hospital, feeding her cat|your neighbour
mum. hospital. again.|your mum
sat by my mum in hospital|your mum
covered for Joana, and then my mum was rushed to hospital|your mum
my mate's in a bad way, stage 4 cancer
caring for my dad who's dying|your dad
waiting for biopsy results
my kid had a seizure|your kid
I've had a miscarriage
dad has been diagnosed with cancer|your dad
mum's cancer is back|your mum
my dad had a stroke last night|your dad
I'm having surgery tomorrow
got my diagnosis: multiple sclerosis
my grandmother is dying|your grandmother
my dad is on a ventilator|your dad
my wife's in labour ward with complications, she's in intensive care
my brother crashed his motorbike|your brother
my child is in hospital with meningitis|your child
spent the week in hospital with my daughter
daughter in hospital|your daughter
my girlfriend tested positive for a brain tumour|your girlfriend
My mother broke her hip|your mother
my dad was taken to hospital by ambulance|your dad
i collapsed and was taken to hospital
i'm getting chemo
my best friend has leukaemia|your best friend
dad's dementia is getting worse|your dad
grandpa fell and is in the ICU|your grandpa
my baby boy is very sick|your baby boy
My wife was in a serious accident|your wife
dad isnt going to make it|your dad
my mum has weeks left to live
my mum, who is 82, is in hospital|your mum
my cat got run over|your cat
my dad is critically ill|your dad
mum got rushed into hospital|your mum
mum fell and broke her hip|your mum
my husband has been in hospital since monday|your husband
my wife found a lump
waiting for the biopsy
They found a tumour
grandma has had another stroke|your grandma
I've been in hospital with sepsis
hospital all week with dad|your dad
my son broke his arm, we were in a&e all night|your son
my daughter was in a car accident|your daughter
Had an operation on tuesday, still in pain
my nan has alzheimers and it is bad now|your nan
mum has breast cancer|your mum
my brother has been diagnosed with schizophrenia|your brother
I'm recovering from surgery
Dad's having heart surgery today|your dad
my mum's in ICU|your mum
my child has leukemia|your child
in the hospital with my wife, she had a seizure
my sister got hit by a car|your sister
i have a brain tumor
my grandfather is in a coma|your grandfather
my dad is really ill|your dad
I'm very ill and can't write much
i almost died last week
mum has been so ill|your mum
"""

FINE = """
this deadline is killing me
dead tired
my dead sourdough starter
I revived my dead sourdough starter for Rui
died laughing
we nearly died laughing at Ana's story
my phone died
phone died so I lent Ana mine
killed two birds with one stone
hospital shift on Sunday
covered a hospital shift for Joana
visited a patient on my day off
told the funeral director joke to Rui
my plants died
all my tomatoes died, gave Ana some of hers back
killer workout with Lena
dying to see what Rui bakes
we watched Suicide Squad together
a heart attack of a bill, helped Ana appeal it
I could murder a curry
sat with a patient whose wife died
drove Ana to the hospital for her checkup
held a patient's hand while she was dying
a patient died on my shift, I rang the family
taught a new nurse how to break bad news
walked an old lady to the hospital entrance
made soup for a neighbour whose husband died
wrote a card for Ana, her dad died
helped Joana plan her father's funeral
sang at a funeral for the choir
read a book to the kids where the dragon dies
we saw the film where the dog dies
lent Rui the novel about a boy who kills himself
my battery is dead
dead easy really
dead on time for once
covered the graveyard shift
the wifi died, fixed it for the whole house
my laptop died and Tom lent me his
helped with a dead car battery
the conversation died so I asked her something
old habits die hard
I died inside when I called him mum
to die for, that cake Ana made me
this commute will be the death of me
bored to death at work, so I tidied the kitchen
scared to death of public speaking, Ana coached me
my boss is going to kill me if I forget
mum will kill me when she sees the kitchen
my boss will kill me if I'm late again
she'll kill me if I miss her party
my sister is going to kill me when she sees her hair
my wife will kill me if I leave the dishes again
he hit me with a great idea for the fair
Ben beat me at chess again, so I made the tea
she beat me to the bus and held the door
he beat me up the hill and waited with water
she hit me up on Friday for help with her CV
I burned myself on the oven taking out Ana's bread
cut myself chopping onions for the soup kitchen
killing time at the station, talked to a stranger
she killed it at her interview, I'd practised with her
overkill maybe, but I made three cakes
cut myself a slice and gave the rest away
cut myself shaving, nothing else to report
cut Lena's hair
beat me at chess, he was so happy
he beat me to it and thanked her first
Rui hit me up for advice
it hit me how kind she is
shot myself in the foot there
hung out with Ana
had a stroke of luck
stroked the cat of my neighbour
helped with the cancer charity run
tropic of cancer quiz night
volunteered on the suicide prevention line
grief counselling
hospice work, listening, bread
being there for people who lost someone
suicide prevention, first aid
trained two volunteers at the hospice
nothing
same as always
not much, had a cold
my kid has a cold, so quiet here
I've had the flu
headache all day, sorry
8ish, half was my sister's birthday call
mum visited and we baked
my dad is in Lisbon
dad's in the garden most days
my mum works at the hospital
my sister is a nurse in intensive care
my brother started a job at the hospital
mum is 70 today, wrote her a letter
rang my grandma while walking
taught my dad to use his phone
fed my neighbour's cat
walked the dog for Ana
took my mum to her hospital appointment
my grandma's recipe, baked for the new nurses
baked my late grandmother's cake for everyone
my granddad died when I was ten and I told Tom about him
lost my keys, Rui helped me look
lost my mum in the supermarket and laughed about it
lost the match but it was fun
lost the will to live in that meeting
we end it there
let's end it on a good note
can't go on holiday so I lent Ana my tent
I can't do this anymore with spreadsheets so I asked Tom
no point posting on linkedin
I don't see the point of this question
don't see the point of social media
I don't want to be here on Friday
I won't be here next Friday
better off without twitter
I don't want to wake up early tomorrow
I wish I could disappear into a book
it's a dying craft, basket weaving, and I teach it
dyed my hair with Lena
the hen party was great, nobody died
helped at the food bank
listened to Joana, she's scared of dogs
gave Rui a lift in the rain
answered a question about embedded Rust
the process kept dying so I debugged it with Sam
we killed the server by accident, and stayed late to help
helped a colleague who is overwhelmed
I was a burden of proof example in class
let me be
leave me alone
stop
none of your business
I'm done
that's all
done
can't complain
can't think of anything
I can't cope with this heat lol
it was hopeless at first but we fixed the bike
he's a hopeless romantic, I helped him with a letter
the boss said I did well
Ana brought me soup
nobody, honestly
0 tbh
most of it
an ear
a death metal gig with my brother
sudden death in the quiz final, we won
deadline moved, so I could help
watched a murder mystery with nan
rat in the garden, helped the neighbour
my knees are killing me
these shoes are killing me
it kills me to see food wasted so I took it round
ghosted by a recruiter, a friend cheered me up
patched a teddy in the teddy hospital with the kids
my friend's car died, gave her a lift
helped after the car accident report got lost
gave blood
donated to the hospital
sewed hats for the premature babies ward
made a playlist for the labour ward
brought cake for the night nurses
my sister had her baby, cooked for them
dropped off clothes at the women's shelter
explained the exam to my daughter, she passed
my son passed his driving test
Mr Darcy died in the film, so I held Ana's hand
Mrs Dalloway died in my book club's vote
dad passed me the salt, that's about it
mum fell asleep on the sofa so I did the dishes
fell in love with the new bakery
the baby fell asleep on me
I'm afraid I have nothing this week
afraid not
I'm scared of the interview, Rui calmed me down
after stand-up, thursday lunch
when the baby sleeps
Sorry, my phone was dead
she lives in a stroke of a pen village
Helped Mrs Dias into the ambulance
showed a student how to give CPR
my students are killing it
I drove Rui to his chemo
took Joana to her mother's funeral
cooked for a family who lost their house
my neighbour's boiler died so I let her shower here
talked with a widow at the bus stop
listened to a caller for an hour
gave my seat to a pregnant woman
my brother and I fixed the roof
I lost my voice, so I wrote cards
lost track of time helping Ana
helped my son with his essay about death in Hamlet
fed the ducks with my granddaughter
went to the vet with Ana's cat
my cat had her vaccination
dog walked, kids fed
Donated blood at the hospital, then cake
taught first aid: what to do in an accident
covered the night shift on the ward
a resident taught me a song
rang my mum, she's bored after her cold
my daughter has a cough
I'm sick of meetings
I'm tired, dead on my feet
so tired today, can't do more
I can't take another meeting like that
I burned the soup and we laughed
hurt my knee running, Ana drove me
I'd die for that sourdough
hope it dies down
my code died in production, Sam helped
end of the week, nothing to tell
wanted to disappear when I tripped on stage
going to bed early
I passed away the time with nan at cards
he's gone to Lisbon, I water his plants
she's gone home now
my sister left for Berlin
I said goodbye to my colleague, he's changing jobs
the shop is gone
we lost the game
lost contact with Ana and wrote to her
lost weight with Tom, we run together
my ex came round to fix the sink
my husband hits the gym, I stay in
he hit a home run
she beat her brother at chess
beat eggs for the cake
kicked the ball with the kids
punched the air when Ana passed
he pushed me to apply
my boss threatened to sing
scared of spiders, so Rui came over
not safe to cycle there, I wrote to the council
they locked me out of my account, Sam fixed it
asked the police for directions for a tourist
a knife sharpening workshop with neighbours
I followed someone's recipe and gave half away
touched by Ana's letter
my friend forces me to laugh
helped a kid with a burn cream, nothing bad
reading aloud at the care home
helped at the dementia café
told Ana about the support group
wrote to a friend whose mother is ill
bought flowers for Joana, her cat died
my theme is grief, loss and poems
why do you ask about death
mourning dove nest on the balcony, showed the kids
the end of the world party was fun
my granddad's stories about the war, I wrote them down
point taken, I apologised to Ana
no point, really
whats the point of these questions?
I don't see why you ask
I don't want to do this
I don't want to be asked
this week was awful but nothing special
a bad week at work, no time for anyone
I'm hopeless at cooking
I'm a burden on the wifi
nobody came to my talk
who would come? nobody
my baby is teething, no sleep
the baby arrived! both well
our neighbour's baby was born in hospital and I watched their kids
surgery hours changed, I told the patients
went to A&E with a stranger who fell
helped an old man who fell on the stairs
gave mum a hand with the move
got over my cold
took dad to the airport
I carried my neighbour's shopping up the stairs
cooked for Rui while his kitchen is dead
helped a lost tourist
the lost and found box is sorted now
lost my temper, apologised to Ana
I passed my exam thanks to Rui
passed on the compliment
my mum passed on her recipe
my dad passed his driving test at 70
took the kids to the park
the cat from next door slept on me
gave my daughter a ride to school
taught my son to cut onions
got hit by a wave of kindness
hit the jackpot with this team
Rui beat me to the bill
I beat my own record
scared my sister with a spider, made it up with cake
I was afraid to ask, but I did
felt safe to speak at the meeting, thanked the host
the point of being here, for me, is the people
I can see the point now
helped my mum with her online banking
my mum had her eyes tested, I drove
my dad had his car serviced, I lent him mine
mum's in the choir and I sang along
my wife is in Berlin this week
my boss is in a meeting all day so I covered
my brother's in town
grandma is in great form
my cat is in the box again
my best friend is in love
cheered up a colleague who is overwhelmed
operation clean-up in the park with neighbours
the operation of the new printer, explained it
stroke order in kanji, taught two kids
the accident happened because of the ice, I salted the path for everyone
helped push a broken down car
nothing critical
Tom's in hospital for work, I covered reception
a nurse I mentor did her first handover
the ward was quiet, we baked
fixed the hospital's website
I was in bed all week with a cold
had a breakdown on the motorway, a stranger helped
the talk on dementia was good
I want to be a good dad
I want to stop scrolling
want it to stop raining so I can help in the garden
I wish I was there for Ana's concert
I'm going to sleep now
sleep forever on weekends
here's to the end of a good week
ended the call with a thank you
I took my pills and went on
took the whole box of books to the library
I can't make it through the whole book, so Ana summarised it
bought a rope for the tent and lent it to Tom
had a plan to end the project and did
he's a violent film fan, we watched a comedy instead
I walked in front of the bus to let an old man on
I want to end everything on time for once
not sure I'll make it till friday, ask me later
threw a ball at me and we played
dragged me into the choir, best thing
pushed me against my will into the karaoke, I loved it
my sister lost her phone and I found it
my brother lost his job
my mum lost her glasses
I lost the plot
we might do something stupid at the party
I could do something bad to that printer
hit by inspiration
waste of space in the fridge, reorganised it for mum
I'm about to end it with this supplier
could you live or die by the sword
my hamster is thriving
the horse next door got new shoes
I had a lump in my throat when she thanked me
growing pains, nothing serious
got through the night shift with jokes
Joana cried and I held her hand
sat with my friend who was crying
my friend is going through a divorce, listened for two hours
my sister broke up with him, brought ice cream
lost my job
we split up
lonely this week
I felt useless at work
a bit down
I'm exhausted
can't sleep
anxious about the exam
stressed but fine
I'm not great at this
I hate mondays
I hate my commute
hate myself for forgetting her birthday, called right after
kept the kids quiet
gone fishing with dad
my best friend is gone on holiday
dad's gone to bed
my parents are gone for the weekend, I feed their cat
found my dad's old camera
he died laughing at my joke
helped an injured bird
vet visit with the neighbour's dog
blood test done, all fine
the kids had a tummy bug, pancakes in bed
hospital food is terrible, I brought Ana soup
my grandson was born in that hospital
my mum retired from the hospital
Ana's mother is very ill, I cook for them on tuesdays
"""
