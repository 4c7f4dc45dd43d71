/* Several gateways on one store, as one machine whose every step is a transaction, a turn of a
 * reactor or a misfortune. tests/model/README.md says what stands for what, and what is left out.
 *
 * A run of Spin is given its size (MESSAGES, SUBSCRIBERS), how many misfortunes of each kind may
 * happen (CRASHES, FREEZES, CUTS, LOST_BINDS, TIMEOUTS, FAILOVERS, LEAVES), and perhaps one rule
 * that is taken out (WITHOUT_…). Gateway 0 serves alone at the beginning; gateway 1 may join.
 */

#ifndef MESSAGES
#define MESSAGES 2
#endif
#ifndef SUBSCRIBERS
#define SUBSCRIBERS 1
#endif
#ifndef CRASHES
#define CRASHES 0
#endif
#ifndef FREEZES
#define FREEZES 0
#endif
#ifndef CUTS
#define CUTS 0
#endif
#ifndef LOST_BINDS
#define LOST_BINDS 0
#endif
#ifndef TIMEOUTS
#define TIMEOUTS 0
#endif
#ifndef FAILOVERS
#define FAILOVERS 0
#endif
#ifndef STARTS
#define STARTS 9       /* how often a gateway may start */
#endif
#ifndef LEAVES
#define LEAVES 0
#endif

#define M MESSAGES
#define G 2            /* gateways */
#define S 3            /* slots of the members table */
#define R (M + 2)      /* rows of the outbox: two replies may be said again */
#define E (M + 4)      /* rows of the inbox */
#define NONE 255

/* The subscriber of a message. Messages of one subscriber come in order. */
#define WHO(m) ((m) % SUBSCRIBERS)

/* ---- the store: what is committed ---------------------------------------------------------- */

byte holder[S];        /* members: 0 free, else gateway + 1 */
byte epoch[S];
bit own[S];            /* its holder gives ids from it */
byte seen[S];          /* the newest view that its holder acts by */
byte view = 1;

byte row[R];           /* outbox, in the order of the turns */
#define UNUSED 0
#define WAITING 1
#define SETTLED 2
byte row_slot[R];      /* owner */
byte row_of[R];        /* the message that it answers */
byte rows;

byte entry_of[E];      /* inbox: the message */
byte entry_by[E];      /* the gateway whose bind brought it */
bit entry_ended[E];    /* that bind is noted as ended */
bit entry_proven[E];   /* the SMSC has read its answer, as far as we know */
bit entry_late[E];     /* it may come again though its bind is up: served late, or in doubt */
bit entry_repeated[E]; /* something repeats it */
byte entries;

byte lock[SUBSCRIBERS];/* the advisory lock of a destination: gateway + 1 */

/* ---- a gateway: what is in its memory ------------------------------------------------------- */

byte life[G];
#define DOWN 0
#define JOINING 1
#define SERVING 2
#define DRAINING 3
#define FROZEN 4
byte believed[G * S];  /* the epoch of each slot that it believes to hold; 0: not held */
byte mine[G];          /* its own slot */
byte joined_view[G];   /* all others must act by it before this one serves */
bit fresh[G];          /* its last beat is less than 10 s old: ours() */
bit alone[G];
bit cut[G];            /* it does not reach the store */
bit bound[G];          /* it believes that its bind is up */
bit end_owed[G];       /* its bind has ended, and the store does not know yet */
bit in_doubt[G * M];   /* a commit failed and may have come through */

byte copy[G * M];      /* what the SMSC sent, as it lies in this gateway */
#define NO_COPY 0
#define IN_SOCKET 1    /* not read yet: the process stands still */
#define QUEUED 2       /* waits for the desk */
#define KEPT 3         /* committed; the answer is not written yet */
#define ANSWERED_LATE 4/* the answer was written late, and the store does not know */
#define ANSWERED 5     /* written; perhaps read */
bit copy_late[G * M];  /* it has waited for more than 3 s: the SMSC may have sent it elsewhere */
bit copy_old[G * M];   /* its bind has ended, and the gateway knows */
bit copy_first[G * M]; /* the other gateway got the same message later than this */
byte vouches[G * M];   /* it waits: 3, 2: for so many notes less one; 1: the other's bind lives */

byte batch[G];         /* the message of the transaction that runs, + 1 */
byte batch_slot[G];    /* to whom its reply will belong */
byte batch_epoch[G];   /* of that slot, as it was looked up */
byte batch_repeats[G]; /* the entry that it repeats, + 1 */
bit batch_alone[G];    /* it was begun without looking who else has rows */
bit batch_broken[G];   /* the server has ended it */

byte hand[G * R];      /* a row in the memory of the outbox */
#define NOT_HELD 0
#define LINED_UP 1
#define MAY_LEAVE 2    /* ours() was asked, and the process stopped before it wrote */
#define ON_ITS_WAY 3
#define TAKEN 4        /* the SMSC took it; not settled yet */

/* ---- the SMSC -------------------------------------------------------------------------------- */

byte smsc[M];          /* 0: to be sent; 1 + g: with gateway g; NONE: it has read our answer */
bit up[G];             /* the bind to this gateway, as the SMSC knows it */
byte times_sent[R];    /* how often a reply reached it */

/* ---- what we look at ------------------------------------------------------------------------- */

byte effects[M];
byte allowed[R];       /* repetitions that a misfortune excuses */
bit misfortune;        /* somebody crashed, froze, was cut off, or a bind was lost */
byte crashes = CRASHES, freezes = FREEZES, cuts = CUTS, lost_binds = LOST_BINDS;
byte starts = STARTS;
byte timeouts = TIMEOUTS, failovers = FAILOVERS, leaves = LEAVES;

hidden byte i, j;      /* only within one step */
hidden byte yes;

#define COPY(g, m) copy[(g) * M + (m)]
#define LATE(g, m) copy_late[(g) * M + (m)]
#define OLD(g, m) copy_old[(g) * M + (m)]
#define FIRST(g, m) copy_first[(g) * M + (m)]
#define VOUCHES(g, m) vouches[(g) * M + (m)]
#define DOUBT(g, m) in_doubt[(g) * M + (m)]
#define HAND(g, r) hand[(g) * R + (r)]
#define BELIEVED(g, s) believed[(g) * S + (s)]
#define OTHER(g) (1 - (g))

#define AWAKE(g) (life[g] == JOINING || life[g] == SERVING || life[g] == DRAINING)
#define WORKS(g) (life[g] == SERVING || life[g] == DRAINING)
#define REACHES(g) (AWAKE(g) && !cut[g])

/* Every slot that it believes to hold is its own in the table, with the same epoch. */
#define HOLDS(g, s) (BELIEVED(g, s) == 0 || (holder[s] == (g) + 1 && BELIEVED(g, s) == epoch[s]))
#define HOLDS_ALL(g) (HOLDS(g, 0) && HOLDS(g, 1) && HOLDS(g, 2))

/* The fence: the last statement of every transaction that writes. */
#ifdef WITHOUT_FENCE
#define FENCE(g) (REACHES(g))
#else
#define FENCE(g) (REACHES(g) && fresh[g] && HOLDS_ALL(g))
#endif

#define SOME_SLOT(expr) (expr(0) || expr(1) || expr(2))
#define ALL_ROWS(expr) (expr(0) && expr(1) && expr(2) && LAST_ROWS(expr, &&))
#define SOME_ROW(expr) (expr(0) || expr(1) || expr(2) || LAST_ROWS(expr, ||))
#define SOME_ENTRY(expr, g, m) (expr(g, m, 0) || expr(g, m, 1) || expr(g, m, 2) || \
	expr(g, m, 3) || expr(g, m, 4) || LAST_ENTRIES(expr, g, m))
#if M == 1
#define LAST_ROWS(expr, join) expr(0)
#define LAST_ENTRIES(expr, g, m) false
#define NO_MESSAGE(expr, g) (!(expr(g, 0)))
#elif M == 2
#define LAST_ROWS(expr, join) expr(3)
#define LAST_ENTRIES(expr, g, m) (expr(g, m, 5))
#define NO_MESSAGE(expr, g) (!(expr(g, 0)) && !(expr(g, 1)))
#else
#define LAST_ROWS(expr, join) (expr(3) join expr(4))
#define LAST_ENTRIES(expr, g, m) (expr(g, m, 5) || expr(g, m, 6))
#define NO_MESSAGE(expr, g) (!(expr(g, 0)) && !(expr(g, 1)) && !(expr(g, 2)))
#endif

/* Something that came by another bind after this, and was served before it, is this sent again. */
#ifdef WITHOUT_LOOK_FOR_WHAT_CAME_MEANWHILE
#define CAME_MEANWHILE(g, m, e) LATE(g, m)
#else
#define CAME_MEANWHILE(g, m, e) (FIRST(g, m) && entry_by[e] != (g))
#endif

/* ---- redelivery: what the look-up finds (CLUSTER: SMSC groups and redelivery) ---------------- */

#define SAME(g, m, e) ((e) < entries && entry_of[e] == (m) && !entry_repeated[e] && \
	(entry_by[e] != (g) || entry_ended[e] || entry_late[e]))
#ifdef WITHOUT_REDELIVERY_LOOKUP
/* as with one gateway: only ended binds of its own are known */
#define REPEATS(g, m, e) (SAME(g, m, e) && entry_by[e] == (g) && (entry_late[e] || !entry_proven[e]))
#define UNKNOWN(g, m, e) false
#else
#define REPEATS(g, m, e) (SAME(g, m, e) && \
	(CAME_MEANWHILE(g, m, e) || entry_late[e] || (entry_ended[e] && !entry_proven[e])))
#define UNKNOWN(g, m, e) (SAME(g, m, e) && !entry_ended[e] && !entry_proven[e])
#endif
#define IS_REPETITION(g, m) SOME_ENTRY(REPEATS, g, m)
#define NOBODY_KNOWS(g, m) (SOME_ENTRY(UNKNOWN, g, m) && VOUCHES(g, m) != 1)

/* ==== the life of a message: SMSC, desk, answer ============================================== */

inline refused(g, m) {  /* ESME_RMSGQFUL, if the SMSC still listens: it keeps the message */
	if
	:: smsc[m] == 1 + (g) -> smsc[m] = 0
	:: else
	fi;
	forget_copy(g, m)
}

inline forget_copy(g, m) {
	COPY(g, m) = NO_COPY;
	LATE(g, m) = 0;
	OLD(g, m) = 0;
	FIRST(g, m) = 0;
	VOUCHES(g, m) = 0
}

inline unlock(g) {
	i = 0;
	do
	:: i < SUBSCRIBERS ->
		if
		:: lock[i] == (g) + 1 -> lock[i] = 0
		:: else
		fi;
		i++
	:: else -> break
	od
}

inline no_batch(g) {
	batch[g] = 0;
	batch_slot[g] = 0;
	batch_epoch[g] = 0;
	batch_repeats[g] = 0;
	batch_alone[g] = 0;
	batch_broken[g] = 0
}

/* The SMSC waits for the answer to a subscriber's message before it delivers the next. */
#define EARLIER_READ(m) ((m) < SUBSCRIBERS || smsc[((m) < SUBSCRIBERS -> 0 : (m) - SUBSCRIBERS)] == NONE)

inline arrive(g, m) {
	d_step { smsc[m] == 0 && up[g] && COPY(g, m) == NO_COPY && EARLIER_READ(m) &&
			(life[g] == SERVING || life[g] == FROZEN) ->
		smsc[m] = 1 + (g);
		if
		:: COPY(OTHER(g), m) == QUEUED -> FIRST(OTHER(g), m) = 1
		:: else
		fi;
		if
		:: life[g] == FROZEN -> COPY(g, m) = IN_SOCKET
		:: else -> COPY(g, m) = QUEUED
		fi;
		printf("STEP arrive g=%d m=%d\n", g, m)
	}
}

/* The SMSC has waited long enough for an answer and gives the message to another gateway, though
 * the bind is up. It waits for more than the 3 s after which we call a message late. */
inline smsc_moves_on(g, m) {
	d_step { timeouts > 0 && smsc[m] == 1 + (g) &&
			(COPY(g, m) == IN_SOCKET || COPY(g, m) == QUEUED || COPY(g, m) == KEPT) ->
		timeouts--;
		misfortune = 1;
		smsc[m] = 0;
		LATE(g, m) = 1;
		printf("STEP moves_on g=%d m=%d\n", g, m)
	}
}

#ifdef WITHOUT_CHECK_OF_THE_OWNER
#define OWNED(g) true
#else
#define OWNED(g) (holder[batch_slot[g]] != 0 && epoch[batch_slot[g]] == batch_epoch[g])
#endif

/* The first half of a transaction: the locks, who has rows for the subscriber, what it repeats. */
#define NO_DOUBT(g) NO_MESSAGE(DOUBT, g)
#define LOCKABLE(g, m) (alone[g] || lock[WHO(m)] == 0)
#ifdef WHOLE_BATCHES  /* for runs that are said to real code, whose batches are served in one piece */
inline begin(g, m) {
	d_step { WORKS(g) && FENCE(g) && COPY(g, m) == QUEUED && NO_DOUBT(g) && entries < E &&
			(IS_REPETITION(g, m) || !NOBODY_KNOWS(g, m)) ->
		batch[g] = (m) + 1;
		VOUCHES(g, m) = 0;
		find_repeated(g, m);
		find_owner(g, m);
		if
		:: OWNED(g) ->
			keep_batch(g);
			hand_over(g);
			kept(g, m);
			printf("STEP commit g=%d m=%d row=%d slot=%d\n", g, m, j, batch_slot[g])
		:: else ->
			refused(g, m);
			printf("STEP refused g=%d m=%d\n", g, m)
		fi;
		no_batch(g)
	}
}
#else
inline begin(g, m) {
	d_step { WORKS(g) && !cut[g] && fresh[g] && COPY(g, m) == QUEUED && batch[g] == 0 &&
			NO_DOUBT(g) && LOCKABLE(g, m) && (IS_REPETITION(g, m) || !NOBODY_KNOWS(g, m)) ->
		batch[g] = (m) + 1;
		batch_alone[g] = alone[g];
		VOUCHES(g, m) = 0;
		find_repeated(g, m);
		find_owner(g, m);
#ifndef WITHOUT_OWNER_LOOKUP
		if
		:: !alone[g] -> lock[WHO(m)] = (g) + 1
		:: else
		fi;
#endif
		printf("STEP begin g=%d m=%d slot=%d repeats=%d\n", g, m, batch_slot[g],
			batch_repeats[g])
	}
}
#endif

inline find_repeated(g, m) {
	i = 0;
	do
	:: i < entries ->
		if
		:: REPEATS(g, m, i) -> batch_repeats[g] = i + 1; break
		:: else -> i++
		fi
	:: else -> break
	od
}

inline find_owner(g, m) {
	j = mine[g];
	if
	:: !alone[g] ->
		if
		:: !bound[g] && life[OTHER(g)] != DOWN && bound[OTHER(g)] ->
			own_slot(OTHER(g))
		:: else
		fi;
#ifndef WITHOUT_OWNER_LOOKUP
		i = 0;
		do
		:: i < rows ->
			if
			:: row[i] == WAITING && WHO(row_of[i]) == WHO(m) -> j = row_slot[i]
			:: else
			fi;
			i++
		:: else -> break
		od
#endif
	:: else
	fi;
	batch_slot[g] = j;
	batch_epoch[g] = epoch[j]
}

inline own_slot(g) {  /* into j; it stays as it is if there is none */
	i = 0;
	do
	:: i < S ->
		if
		:: holder[i] == (g) + 1 && own[i] -> j = i; break
		:: else -> i++
		fi
	:: else -> break
	od
}

inline commit(g) {
	d_step { FENCE(g) && WORKS(g) && batch[g] != 0 && !batch_broken[g] && OWNED(g) &&
			entries < E ->
		assert(HOLDS_ALL(g));  /* who was taken over keeps nothing */
		keep_batch(g);
		hand_over(g);
		kept(g, batch[g] - 1);
		printf("STEP commit g=%d m=%d row=%d slot=%d\n", g, batch[g] - 1, j, batch_slot[g]);
		unlock(g);
		no_batch(g)
	}
}

inline kept(g, m) {  /* an answer has only the bind that the message came by */
	if
	:: OLD(g, m) -> forget_copy(g, m)
	:: else -> COPY(g, m) = KEPT
	fi
}

inline keep_batch(g) {  /* the new row, or NONE, into j */
	entry_of[entries] = batch[g] - 1;
	entry_by[entries] = g;
	entry_ended[entries] = OLD(g, batch[g] - 1) && !end_owed[g];
	entry_late[entries] = LATE(g, batch[g] - 1);
	entries++;
	j = NONE;
	if
	:: batch_repeats[g] ->
		entry_repeated[batch_repeats[g] - 1] = 1;
		say_again(g)
	:: else ->
		effects[batch[g] - 1]++;
		assert(effects[batch[g] - 1] == 1);  /* each effect once */
		new_row(g)
	fi
}

inline new_row(g) {
	assert(rows < R);
	row[rows] = WAITING;
	row_slot[rows] = batch_slot[g];
	row_of[rows] = batch[g] - 1;
	j = rows;
	rows++
}

inline say_again(g) {  /* the first reply, if it was taken; still on its way, it comes anyway */
	yes = 0;
	i = 0;
	do
	:: i < rows ->
		if
		:: row_of[i] == batch[g] - 1 -> yes = (row[i] == SETTLED); break
		:: else -> i++
		fi
	:: else -> break
	od;
	if
	:: yes && rows < R ->
		assert(misfortune);  /* nothing is said again while all goes well */
		new_row(g)
	:: else
	fi
}

/* Only what is ours, and only behind what we have in hand already: rows of the same subscriber that
 * others wrote for us may wait in the store. */
inline hand_over(g) {
	if
	:: j != NONE && BELIEVED(g, batch_slot[g]) ->
		yes = 1;
#ifndef WITHOUT_LOOK_FOR_HANDED_ROWS
		i = 0;
		do
		:: i < j ->
			if
			:: row[i] == WAITING && row_slot[i] == batch_slot[g] && HAND(g, i) == NOT_HELD &&
					WHO(row_of[i]) == WHO(row_of[j]) -> yes = 0
			:: else
			fi;
			i++
		:: else -> break
		od;
#endif
		if
		:: yes -> HAND(g, j) = LINED_UP
		:: else
		fi
	:: else
	fi
}

/* The store fails over while it commits. All other transactions are ended. */
inline fail_over(g) {
	failovers--;
	misfortune = 1;
	if
	:: batch[OTHER(g)] -> batch_broken[OTHER(g)] = 1; unlock(OTHER(g))
	:: else
	fi
}

inline commit_in_doubt(g) {  /* it was kept, and the gateway is told that it failed */
	d_step { FENCE(g) && WORKS(g) && failovers > 0 && batch[g] != 0 && !batch_broken[g] &&
			OWNED(g) && entries < E ->
		fail_over(g);
		keep_batch(g);
		printf("STEP commit_in_doubt g=%d m=%d row=%d slot=%d\n", g, batch[g] - 1, j,
			batch_slot[g]);
		DOUBT(g, batch[g] - 1) = 1;
		unlock(g);
		refused(g, batch[g] - 1);
		no_batch(g)
	}
}

inline commit_failed(g) {  /* it was not kept, and the gateway cannot know that */
	d_step { FENCE(g) && WORKS(g) && failovers > 0 && batch[g] != 0 && !batch_broken[g] ->
		fail_over(g);
		printf("STEP commit_failed g=%d m=%d\n", g, batch[g] - 1);
		DOUBT(g, batch[g] - 1) = 1;
		unlock(g);
		refused(g, batch[g] - 1);
		no_batch(g)
	}
}

inline batch_refused(g) {  /* the server had ended it, or its row would belong to nobody */
	d_step { WORKS(g) && batch[g] != 0 && (batch_broken[g] || !OWNED(g)) ->
		printf("STEP refused g=%d m=%d\n", g, batch[g] - 1);
		unlock(g);
		refused(g, batch[g] - 1);
		no_batch(g)
	}
}

/* Before anything else is kept, the gateway finds out what became of commits in doubt. */
inline catch_up(g, m) {
	d_step { FENCE(g) && DOUBT(g, m) ->
		DOUBT(g, m) = 0;
#ifndef WITHOUT_NOTE_OF_DOUBT
		i = 0;
		do
		:: i < entries ->
			if
			:: entry_of[i] == (m) && entry_by[i] == (g) -> entry_late[i] = 1
			:: else
			fi;
			i++
		:: else -> break
		od;
#endif
		printf("STEP catch_up g=%d m=%d\n", g, m)
	}
}

inline answer(g, m) {
	d_step { WORKS(g) && COPY(g, m) == KEPT && up[g] && bound[g] ->
		if
		:: smsc[m] == 1 + (g) -> smsc[m] = NONE
		:: else  /* it has moved on */
		fi;
#ifdef WITHOUT_NOTE_OF_LATE_ANSWERS
		COPY(g, m) = ANSWERED;
#else
		if
		:: LATE(g, m) -> COPY(g, m) = ANSWERED_LATE
		:: else -> COPY(g, m) = ANSWERED
		fi;
#endif
		printf("STEP answer g=%d m=%d\n", g, m)
	}
}

#define MARK_ENTRIES(field, g, m) \
	i = 0; \
	do \
	:: i < entries -> \
		if \
		:: entry_by[i] == (g) && ((m) == NONE || entry_of[i] == (m)) -> field[i] = 1 \
		:: else \
		fi; \
		i++ \
	:: else -> break \
	od

inline note_late(g, m) {
	d_step { FENCE(g) && COPY(g, m) == ANSWERED_LATE ->
		MARK_ENTRIES(entry_late, g, m);
		COPY(g, m) = ANSWERED;
		printf("STEP note_late g=%d m=%d\n", g, m)
	}
}

inline prove(g, m) {  /* the SMSC has answered something that we sent later */
	d_step { FENCE(g) && WORKS(g) && COPY(g, m) == ANSWERED && up[g] && bound[g] && NO_DOUBT(g) ->
		MARK_ENTRIES(entry_proven, g, m);
		forget_copy(g, m);
		printf("STEP prove g=%d m=%d\n", g, m)
	}
}

/* `members.noted` goes up, behind all notes about binds. A gateway that lives learns of the end of
 * its bind before it has noted twice: the network tells it within 2 s. */
#define WAITS_FOR(g, m) (VOUCHES(OTHER(g), m) >= 2)
#define OWES_NOTE(g, m) (LATE(g, m) && (COPY(g, m) == KEPT || COPY(g, m) == ANSWERED_LATE))
#ifdef WITH_SILENT_NETWORK
#define KNOWS_ITS_BIND(g) true
#else
#define KNOWS_ITS_BIND(g) (bound[g] == up[g])
#endif
#ifdef WITHOUT_NOTE_OF_LATE_ANSWERS
#define NOTED_ALL(g) (!end_owed[g] && NO_DOUBT(g))
#else
#define NOTED_ALL(g) (!end_owed[g] && NO_DOUBT(g) && NO_MESSAGE(OWES_NOTE, g))
#endif
inline note(g) {
	d_step { FENCE(g) && WORKS(g) && !(NO_MESSAGE(WAITS_FOR, g)) && NOTED_ALL(g) &&
			KNOWS_ITS_BIND(g) ->
		i = 0;
		do
		:: i < M ->
			if
			:: VOUCHES(OTHER(g), i) >= 2 -> VOUCHES(OTHER(g), i)--
			:: else
			fi;
			i++
		:: else -> break
		od;
		printf("STEP note g=%d\n", g)
	}
}

inline wait(g, m) {  /* nobody knows yet whether it is a repetition */
	d_step { WORKS(g) && !cut[g] && COPY(g, m) == QUEUED && batch[g] != (m) + 1 &&
			VOUCHES(g, m) == 0 && LOCKABLE(g, m) && !IS_REPETITION(g, m) &&
			NOBODY_KNOWS(g, m) ->
		VOUCHES(g, m) = 3;
		printf("STEP wait g=%d m=%d\n", g, m)
	}
}

inline wait_no_longer(g, m) {  /* 5 s */
	d_step { WORKS(g) && COPY(g, m) == QUEUED && batch[g] != (m) + 1 && VOUCHES(g, m) >= 2 ->
		refused(g, m);
		printf("STEP waited g=%d m=%d\n", g, m)
	}
}

/* ==== what leaves ============================================================================= */

#define UNREAD(r) (row[r] == WAITING && BELIEVED(g, row_slot[r]) != 0 && HAND(g, r) == NOT_HELD)
inline load(g) {  /* polled, or read after a take-over, a start, a commit in doubt */
	d_step { FENCE(g) && WORKS(g) && batch[g] == 0 && SOME_ROW(UNREAD) ->
		i = 0;
		do
		:: i < rows ->
			if
			:: UNREAD(i) -> HAND(g, i) = LINED_UP
			:: else
			fi;
			i++
		:: else -> break
		od;
		printf("STEP load g=%d\n", g)
	}
}

#define BEFORE(g, q, r) ((q) < (r) && WHO(row_of[q]) == WHO(row_of[r]) && \
	(HAND(g, q) == LINED_UP || HAND(g, q) == MAY_LEAVE || HAND(g, q) == ON_ITS_WAY))
#define FIRST_IN_LINE(g, r) (!(BEFORE(g, 0, r)) && !(BEFORE(g, 1, r)) && LAST_IN_LINE(g, r))
#if M == 1
#define LAST_IN_LINE(g, r) true
#elif M == 2
#define LAST_IN_LINE(g, r) (!(BEFORE(g, 2, r)))
#else
#define LAST_IN_LINE(g, r) (!(BEFORE(g, 2, r)) && !(BEFORE(g, 3, r)))
#endif
#define READY(g, r) (HAND(g, r) == LINED_UP && fresh[g] && bound[g] && FIRST_IN_LINE(g, r))

inline submit(g, r) {
	if
	:: up[g] ->
		times_sent[r]++;
		assert(times_sent[r] <= 1 + allowed[r]);  /* no more than the promised repetition */
		assert_in_order(r)
	:: else  /* it goes into a connection that is no more */
	fi;
	HAND(g, r) = ON_ITS_WAY
}

inline assert_in_order(r) {
	i = 0;
	do
	:: i < (r) && times_sent[r] == 1 ->
		assert(WHO(row_of[i]) != WHO(row_of[r]) || times_sent[i] > 0);  /* the turns' order */
		i++
	:: else -> break
	od
}

inline send(g, r) {
	d_step { WORKS(g) && READY(g, r) ->
		submit(g, r);
		printf("STEP send g=%d row=%d\n", g, r)
	}
}

inline taken(g, r) {
	d_step { WORKS(g) && HAND(g, r) == ON_ITS_WAY && up[g] && bound[g] ->
		HAND(g, r) = TAKEN;
		printf("STEP taken g=%d row=%d\n", g, r)
	}
}

inline settle(g, r) {
	d_step { FENCE(g) && WORKS(g) && HAND(g, r) == TAKEN ->
		settle_row(g, r);
		HAND(g, r) = NOT_HELD;
		printf("STEP settle g=%d row=%d\n", g, r)
	}
}

inline settle_row(g, r) {
	/* who was taken over settles nothing; what is settled already may be settled once more */
	assert(row[r] == SETTLED || (holder[row_slot[r]] == (g) + 1 && HOLDS_ALL(g)));
	assert(times_sent[r] > 0);  /* nothing is lost */
	row[r] = SETTLED
}

inline settle_in_doubt(g, r) {
	d_step { FENCE(g) && WORKS(g) && failovers > 0 && HAND(g, r) == TAKEN && row[r] == WAITING ->
		fail_over(g);
		if
		:: batch[g] -> batch_broken[g] = 1; unlock(g)
		:: else
		fi;
		settle_row(g, r);
		printf("STEP settle_in_doubt g=%d row=%d\n", g, r)
	}
}

/* ==== the bind ================================================================================ */

inline smsc_lets_go(g) {  /* it sees that the bind is gone: what it has not seen answered, it keeps */
	up[g] = 0;
	i = 0;
	do
	:: i < M ->
		if
		:: smsc[i] == 1 + (g) -> smsc[i] = 0
		:: else
		fi;
		i++
	:: else -> break
	od
}

inline lose_bind(g) {
	d_step { lost_binds > 0 && up[g] ->
		lost_binds--;
		misfortune = 1;
		smsc_lets_go(g);
		printf("STEP lose_bind g=%d\n", g)
	}
}

inline learn(g) {
	d_step { WORKS(g) && bound[g] && !up[g] ->
		bound[g] = 0;
		end_owed[g] = 1;
		i = 0;
		do
		:: i < M ->
			if
			:: COPY(g, i) > QUEUED -> forget_copy(g, i)
			:: COPY(g, i) == QUEUED -> OLD(g, i) = 1
			:: else
			fi;
			i++
		:: else -> break
		od;
		i = 0;
		do
		:: i < rows ->
			if
			:: HAND(g, i) == ON_ITS_WAY -> HAND(g, i) = LINED_UP; allowed[i]++
			:: else
			fi;
			i++
		:: else -> break
		od;
		printf("STEP bind_ended g=%d\n", g)
	}
}

#define BEFORE_NOTE(g, m) (COPY(g, m) == QUEUED && VOUCHES(g, m) == 0)
inline note_end(g) {  /* behind all that came before; what waits for a vouch is put again later */
	d_step { FENCE(g) && WORKS(g) && end_owed[g] && batch[g] == 0 && NO_MESSAGE(BEFORE_NOTE, g) ->
		end_owed[g] = 0;
		MARK_ENTRIES(entry_ended, g, NONE);
		printf("STEP note_end g=%d\n", g)
	}
}

inline bind(g) {
	d_step { life[g] == SERVING && !bound[g] && !end_owed[g] && fresh[g] ->
		bound[g] = 1;
		up[g] = 1;
		printf("STEP bind g=%d\n", g)
	}
}

/* ==== members ================================================================================= */

#define MINE(s) (holder[s] == (g) + 1)
#define FREE(s) (holder[s] == 0)
#define BUSY_ELSEWHERE(s) (holder[s] != 0 && holder[s] != (g) + 1)
#define INHERITED(s) (holder[s] == (g) + 1 && !own[s])
#define EMPTY_AND_MINE(s) (holder[s] == (g) + 1 && !own[s] && BELIEVED(g, s) != 0 && EMPTY(s))
#define NOT_IN(r, s) (row[r] != WAITING || row_slot[r] != (s))
#define EMPTY(s) (NOT_IN(0, s) && NOT_IN(1, s) && NOT_IN(2, s) && NOT_IN_LAST(s))
#if M == 1
#define NOT_IN_LAST(s) true
#elif M == 2
#define NOT_IN_LAST(s) NOT_IN(3, s)
#else
#define NOT_IN_LAST(s) (NOT_IN(3, s) && NOT_IN(4, s))
#endif

/* A free slot. Those of a predecessor that died here are taken with it, and so are free ones whose
 * rows wait. The ends of its predecessor's binds are noted. */
inline join(g) {
	d_step { life[g] == DOWN && !cut[g] && starts > 0 && (SOME_SLOT(FREE) || SOME_SLOT(MINE)) ->
#if STARTS < 9
		starts--;
#endif
		yes = 0;
		i = 0;
		do
		:: i < S ->
			slot_has_rows(i);
			if
			:: holder[i] == (g) + 1 || (holder[i] == 0 && j) ->
				hold(g, i);
				own[i] = !yes;
				yes = 1
			:: else
			fi;
			i++
		:: else -> break
		od;
		i = 0;
		do
		:: i < S && !yes ->
			if
			:: holder[i] == 0 -> hold(g, i); own[i] = 1; yes = 1
			:: else -> i++
			fi
		:: else -> break
		od;
		MARK_ENTRIES(entry_ended, g, NONE);
		view++;
		joined_view[g] = view;
		own_slot(g);
		mine[g] = j;
		seen[j] = view;
		alone[g] = !(SOME_SLOT(BUSY_ELSEWHERE)) && !(SOME_SLOT(INHERITED));
		fresh[g] = 1;
		life[g] = JOINING;
		printf("STEP join g=%d slot=%d epoch=%d\n", g, j, epoch[j])
	}
}

inline hold(g, s) {
	holder[s] = (g) + 1;
	epoch[s]++;
	BELIEVED(g, s) = epoch[s]
}

inline slot_has_rows(s) {  /* into j */
	j = 0;
	do
	:: j < rows && !(row[j] == WAITING && row_slot[j] == (s)) -> j++
	:: else -> break
	od;
	j = (j < rows)
}

#ifdef WITHOUT_WAIT_AT_JOIN
#define ACKNOWLEDGED(s) true
#else
#define ACKNOWLEDGED(s) (holder[s] == 0 || holder[s] == (g) + 1 || !own[s] || \
	seen[s] >= joined_view[g])
#endif
inline serve(g) {
	d_step { life[g] == JOINING && FENCE(g) && ACKNOWLEDGED(0) && ACKNOWLEDGED(1) &&
			ACKNOWLEDGED(2) ->
		life[g] = SERVING;
		bound[g] = 1;
		up[g] = 1;
		printf("STEP serve g=%d\n", g)
	}
}

/* It has seen that the members changed. Who was alone looks from now on; that is said in the table
 * when every batch begun before has ended. */
#define ACTS_BY_OLD(s) (holder[s] == (g) + 1 && own[s] && seen[s] < view)
inline look(g) {
	d_step { REACHES(g) && fresh[g] && HOLDS_ALL(g) && SOME_SLOT(ACTS_BY_OLD) &&
			!batch_alone[g] ->
		i = 0;
		do
		:: i < S ->
			if
			:: ACTS_BY_OLD(i) -> seen[i] = view
			:: else
			fi;
			if
			:: holder[i] == (g) + 1 -> BELIEVED(g, i) = epoch[i]
			:: else
			fi;
			i++
		:: else -> break
		od;
		alone[g] = !(SOME_SLOT(BUSY_ELSEWHERE)) && !(SOME_SLOT(INHERITED));
		printf("STEP look g=%d alone=%d\n", g, alone[g])
	}
}

inline beat(g) {
	d_step { REACHES(g) && !fresh[g] && HOLDS_ALL(g) ->
		fresh[g] = 1;
		printf("STEP beat g=%d\n", g)
	}
}

inline let_go(g) {  /* 10 s since its last beat */
	d_step { fresh[g] && (life[g] == FROZEN || cut[g]) ->
		fresh[g] = 0;
		printf("STEP let_go g=%d\n", g)
	}
}

/* 15 s without a beat, by the taker's clock: at least 5 s after the holder let go. */
#ifdef WITH_LATE_LETTING_GO
#define MAY_BE_TAKEN(g) (life[g] == DOWN || !fresh[g] || life[g] == FROZEN || cut[g])
#else
#define MAY_BE_TAKEN(g) (life[g] == DOWN || !fresh[g])
#endif
#define OF_OTHER(s) (holder[s] == OTHER(g) + 1)
#define CAN_TAKE_OVER(g) (REACHES(g) && fresh[g] && HOLDS_ALL(g) && SOME_SLOT(OF_OTHER) && \
	MAY_BE_TAKEN(OTHER(g)))

inline take(g) {
	i = 0;
	do
	:: i < S ->
		if
		:: holder[i] == OTHER(g) + 1 -> excuse(OTHER(g), i); holder[i] = (g) + 1; epoch[i]++; own[i] = 0
		:: else
		fi;
		i++
	:: else -> break
	od;
	MARK_ENTRIES(entry_ended, OTHER(g), NONE);
	view++;
	alone[g] = 0
}

inline excuse(g, s) {  /* what its last holder had in hand may have been taken */
	j = 0;
	do
	:: j < rows ->
		if
		:: row[j] == WAITING && row_slot[j] == (s) && HAND(g, j) >= MAY_LEAVE -> allowed[j]++
		:: else
		fi;
		j++
	:: else -> break
	od
}

inline take_over(g) {
	d_step { CAN_TAKE_OVER(g) ->
		take(g);
		i = 0;
		do
		:: i < S ->
			if
			:: holder[i] == (g) + 1 -> BELIEVED(g, i) = epoch[i]
			:: else
			fi;
			i++
		:: else -> break
		od;
		printf("STEP take_over g=%d\n", g)
	}
}

inline take_over_in_doubt(g) {  /* it learns with its next look what it holds */
	d_step { CAN_TAKE_OVER(g) && failovers > 0 ->
		fail_over(g);
		if
		:: batch[g] -> batch_broken[g] = 1; unlock(g)
		:: else
		fi;
		take(g);
		printf("STEP take_over_in_doubt g=%d\n", g)
	}
}

inline free_slot(g) {  /* inherited, and nothing waits in it any more */
	d_step { FENCE(g) && WORKS(g) && SOME_SLOT(EMPTY_AND_MINE) ->
		j = 0;
		do
		:: EMPTY_AND_MINE(j) -> break
		:: else -> j++
		od;
		holder[j] = 0;
		BELIEVED(g, j) = 0;
		view++;
		printf("STEP free g=%d slot=%d\n", g, j)
	}
}

inline close(g) {
	unlock(g);
	smsc_lets_go(g);
	no_batch(g);
	i = 0;
	do
	:: i < M -> forget_copy(g, i); DOUBT(g, i) = 0; i++
	:: else -> break
	od;
	i = 0;
	do
	:: i < R -> HAND(g, i) = NOT_HELD; i++
	:: else -> break
	od;
	i = 0;
	do
	:: i < S -> BELIEVED(g, i) = 0; i++
	:: else -> break
	od;
	mine[g] = 0;
	joined_view[g] = 0;
	fresh[g] = 0;
	alone[g] = 0;
	bound[g] = 0;
	end_owed[g] = 0;
	life[g] = DOWN
}

inline find_itself_taken_over(g) {
	d_step { REACHES(g) && !HOLDS_ALL(g) ->
		close(g);
		printf("STEP lost g=%d\n", g)
	}
}

inline drain(g) {
	d_step { leaves > 0 && life[g] == SERVING && fresh[g] ->
		leaves--;
		life[g] = DRAINING;
		printf("STEP drain g=%d\n", g)
	}
}

#define BUSY_COPY(g, m) (COPY(g, m) != NO_COPY && COPY(g, m) != ANSWERED)
#define IDLE_ROW(r) (HAND(g, r) <= LINED_UP)
inline leave(g) {  /* its slots go to a member that can send, else they are free */
	d_step { life[g] == DRAINING && FENCE(g) && batch[g] == 0 && NO_MESSAGE(BUSY_COPY, g) &&
			NO_DOUBT(g) && ALL_ROWS(IDLE_ROW) && !end_owed[g] ->
		j = NONE;
		own_slot(OTHER(g));
		i = 0;
		do
		:: i < S ->
			if
			:: holder[i] == (g) + 1 ->
				holder[i] = (j == NONE -> 0 : OTHER(g) + 1);
				epoch[i]++;
				own[i] = 0
			:: else
			fi;
			i++
		:: else -> break
		od;
		MARK_ENTRIES(entry_ended, g, NONE);
		view++;
		close(g);
		printf("STEP leave g=%d\n", g)
	}
}

/* ==== misfortunes ============================================================================= */

inline crash(g) {
	d_step { crashes > 0 && life[g] != DOWN ->
		crashes--;
		misfortune = 1;
		i = 0;
		do
		:: i < rows ->
			if
			:: row[i] == WAITING && HAND(g, i) >= MAY_LEAVE -> allowed[i]++
			:: else
			fi;
			i++
		:: else -> break
		od;
		close(g);
		cut[g] = 0;
		printf("STEP crash g=%d\n", g)
	}
}

inline freeze(g) {
	d_step { freezes > 0 && WORKS(g) ->
		freezes--;
		misfortune = 1;
		life[g] = FROZEN;
		printf("STEP freeze g=%d\n", g)
	}
}

inline freeze_before_write(g, r) {  /* between the question whether it may send and the writing */
	d_step { freezes > 0 && WORKS(g) && READY(g, r) ->
		freezes--;
		misfortune = 1;
		life[g] = FROZEN;
		HAND(g, r) = MAY_LEAVE;
		printf("STEP freeze g=%d row=%d\n", g, r)
	}
}

inline server_ends_batch(g) {  /* idle_in_transaction_session_timeout */
	d_step { life[g] == FROZEN && batch[g] != 0 && !batch_broken[g] ->
		batch_broken[g] = 1;
		unlock(g);
		printf("STEP idle_batch_ended g=%d\n", g)
	}
}

/* What was in memory goes on. What comes out of the socket in the first turn is refused. */
inline wake(g) {
	d_step { life[g] == FROZEN ->
		life[g] = SERVING;
		i = 0;
		do
		:: i < M ->
			if
			:: COPY(g, i) == IN_SOCKET ->
#ifdef WITHOUT_REFUSAL_AFTER_STANDSTILL
				LATE(g, i) = 0;  /* it gets its id, and so its moment, only now */
				COPY(g, i) = QUEUED
#else
				refused(g, i)
#endif
			:: COPY(g, i) == QUEUED || COPY(g, i) == KEPT -> LATE(g, i) = 1
			:: else
			fi;
			i++
		:: else -> break
		od;
		j = 0;
		do
		:: j < rows ->
			if
			:: HAND(g, j) == MAY_LEAVE -> submit(g, j)
			:: else
			fi;
			j++
		:: else -> break
		od;
		printf("STEP wake g=%d\n", g)
	}
}

inline cut_off(g) {
	d_step { cuts > 0 && WORKS(g) && !cut[g] ->
		cuts--;
		misfortune = 1;
		cut[g] = 1;
		if
		:: batch[g] -> batch_broken[g] = 1; unlock(g)
		:: else
		fi;
		printf("STEP cut_off g=%d\n", g)
	}
}

inline reach_again(g) {
	d_step { cut[g] ->
		cut[g] = 0;
		printf("STEP reach_again g=%d\n", g)
	}
}

/* ==== all together ============================================================================ */

proctype member(byte g) {
end:	do
	:: join(g)
	:: serve(g)
	:: look(g)
	:: beat(g)
	:: let_go(g)
	:: take_over(g)
	:: take_over_in_doubt(g)
	:: free_slot(g)
	:: find_itself_taken_over(g)
	:: drain(g)
	:: leave(g)
	:: crash(g)
	:: freeze(g)
	:: wake(g)
	:: cut_off(g)
	:: reach_again(g)
	:: lose_bind(g)
	:: learn(g)
	:: note_end(g)
	:: bind(g)
	:: load(g)
	:: note(g)
	:: commit(g)
	:: commit_in_doubt(g)
	:: commit_failed(g)
	:: batch_refused(g)
	:: server_ends_batch(g)
	od
}

proctype delivered(byte g; byte m) {
end:	do
	:: arrive(g, m)
	:: smsc_moves_on(g, m)
	:: begin(g, m)
	:: catch_up(g, m)
	:: answer(g, m)
	:: note_late(g, m)
	:: prove(g, m)
	:: wait(g, m)
	:: wait_no_longer(g, m)
	od
}

proctype reply(byte g; byte r) {
end:	do
	:: send(g, r)
	:: taken(g, r)
	:: settle(g, r)
	:: settle_in_doubt(g, r)
	:: freeze_before_write(g, r)
	od
}

#ifdef AT_RANDOM
#define MAY_CALM (entries >= M)  /* else most runs would be over before anything has happened */
#else
#define MAY_CALM true
#endif
proctype calm() {  /* no more misfortunes: what must be true in the end */
	d_step { MAY_CALM ->
		crashes = 0;
		freezes = 0;
		cuts = 0;
		lost_binds = 0;
		timeouts = 0;
		failovers = 0;
		leaves = 0;
		printf("STEP calm\n")
	};
	timeout ->
	d_step {
		i = (life[0] == SERVING || life[1] == SERVING -> 0 : M);  /* somebody is there to do it */
		do
		:: i < M ->
			assert(smsc[i] == NONE);  /* all are acknowledged */
			assert(effects[i] == 1);  /* nothing acknowledged is lost */
			i++
		:: else -> break
		od;
		i = 0;
		do
		:: i < rows && (life[0] == SERVING || life[1] == SERVING) ->
			assert(row[i] == SETTLED && times_sent[i] > 0);  /* no reply is lost */
			i++
		:: else -> break
		od;
		printf("STEP end\n")
	}
}

inline begins(g) {
	holder[g] = (g) + 1;
	epoch[g] = 1;
	own[g] = 1;
	seen[g] = 1;
	BELIEVED(g, g) = 1;
	mine[g] = g;
	fresh[g] = 1;
	bound[g] = 1;
	up[g] = 1;
	life[g] = SERVING
}

init {
	d_step {
		begins(0);
#ifdef BOTH
		begins(1);
#else
		alone[0] = 1;
#endif
		i = 0
	};
	atomic {
		run member(0);
#ifndef ONE_GATEWAY
		run member(1);
#endif
		byte n;
		for (n : 0 .. M - 1) {
			run delivered(0, n);
			run delivered(1, n)
		}
		for (n : 0 .. R - 1) {
			run reply(0, n);
			run reply(1, n)
		}
		run calm()
	}
}
