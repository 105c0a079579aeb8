package io.claviger.web.server;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.claviger.domain.accounts.AddressBlock;
import io.claviger.web.json.Body;
import io.claviger.web.problems.ProblemException;
import io.claviger.web.problems.Problems;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;

/**
 * Limits the number of concurrent requests, for each caller and for all callers together. A request
 * waits for a place after its body has arrived completely. The request keeps the place until its
 * answer was sent. A waiting request occupies only a connection and the bytes of its body. {@link
 * ArrivingBodies} limits these bytes.
 *
 * <p>A user is identified by their id. A service account is identified by the id of the user or
 * group responsible for it.
 */
final class Places {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /**
   * The longest time that a request waits for all places that it needs for the next part of its
   * answer.
   */
  private static final Duration PATIENCE_IN_ALL = Duration.ofSeconds(10);

  private static final int FREE = 4_096;
  private static final int FREE_IN_FORMS = 1_024;

  // Each request can occupy memory for a body and an answer of a megabyte or more.
  private final ConcurrencyLimit<UUID> requests = new ConcurrencyLimit<>(128, 32, PATIENCE);
  // Requests with a body also need one of these places. The other places remain for GET and DELETE.
  private final ConcurrencyLimit<UUID> writes = new ConcurrencyLimit<>(96, 24, PATIENCE);
  // Limits how many lists are read at the same time, until each answer is written as JSON. The 200
  // rows of a page can take 26 MB, and the JSON can take as much again.
  private final ConcurrencyLimit<UUID> lists = new ConcurrencyLimit<>(4, 1, PATIENCE_IN_ALL);
  // Limits how many pages are made at the same time. Most pages read several lists.
  private final ConcurrencyLimit<UUID> pages = new ConcurrencyLimit<>(128, 4, PATIENCE_IN_ALL);
  // Limits how many requests with forms of unknown callers are answered at the same time.
  private final ConcurrencyLimit<AddressBlock> forms = new ConcurrencyLimit<>(64, 16, PATIENCE);

  // A page that shows a large form again takes many times the memory of the form while the page is
  // generated. The generated page takes up to twelve times the memory of the form until it is sent.
  private final ConcurrencyLimit<UUID> largeForms = new ConcurrencyLimit<>(8, 1, PATIENCE_IN_ALL);
  private final ConcurrencyLimit<AddressBlock> largeUnknownForms =
      new ConcurrencyLimit<>(2, 1, PATIENCE);

  private final ArrivingBodies<UUID> bodies;
  private final ArrivingBodies<AddressBlock> unknownBodies;

  /**
   * @param memory the maximum number of bytes in arriving bodies of all users. One user's bodies
   *     may take an eighth of this number. In addition, arriving forms of unknown callers may take
   *     a sixteenth of this number. The forms from one address may take a quarter of this
   *     sixteenth. There is always room for a few bodies and forms of the maximum size
   */
  Places(long memory) {
    long known = Math.max(memory, 4L * Body.LARGEST);
    this.bodies = new ArrivingBodies<>(known, Math.max(known / 8, 2L * Body.LARGEST), FREE);
    long unknown = Math.max(memory / 16, 8L * Form.LARGEST_OF_USER);
    this.unknownBodies = new ArrivingBodies<>(unknown, unknown / 4, FREE_IN_FORMS);
  }

  /**
   * Waits until a request without a body may be processed.
   *
   * @throws ProblemException if no place becomes free in time
   */
  void enter(Context ctx, UUID caller) {
    Runnable unused = enter(ctx, requests, caller);
  }

  /** Takes a place that the request keeps until its end, unless the returned action frees it. */
  private static <K> Runnable enter(Context ctx, ConcurrencyLimit<K> limit, K caller) {
    Completion request = Completion.of(ctx);
    Runnable leave =
        request.waiting(PATIENCE_IN_ALL, most -> limit.enter(caller, Optional.of(request), most));
    request.then(leave);
    return leave;
  }

  /**
   * Receives the body of a request, and waits until the request may be processed.
   *
   * @throws ProblemException if the body is too large or incomplete, or if no place becomes free in
   *     time
   */
  ReceivedBody enterWithBody(Context ctx, UUID caller) {
    try (var arrival = bodies.begin(caller, Completion.of(ctx)::abort)) {
      ReceivedBody body = received(ctx, Body.LARGEST, arrival);
      Runnable unused = enter(ctx, writes, caller);
      enter(ctx, caller);
      return body;
    }
  }

  /**
   * Receives the form of an unknown caller, and waits until the request may be processed.
   *
   * @param largest the maximum number of bytes in the form
   */
  ReceivedBody enterWithForm(Context ctx, AddressBlock caller, int largest) {
    try (var arrival = unknownBodies.begin(caller, Completion.of(ctx)::abort)) {
      ReceivedBody form = received(ctx, largest, arrival);
      enterIfLarge(ctx, form, largeUnknownForms, caller);
      Runnable unused = enter(ctx, forms, caller);
      return form;
    }
  }

  /** If the caller's form is large, waits until the form may be processed. */
  private static <K> void enterIfLarge(
      Context ctx, ReceivedBody form, ConcurrencyLimit<K> large, K caller) {
    if (form.length() > Form.LARGEST) {
      Runnable unused = enter(ctx, large, caller);
    }
  }

  private static ReceivedBody received(
      Context ctx, int largest, ArrivingBodies.Arrival<?> arrival) {
    ReceivedBody body = BodyReader.receive(ctx.req(), largest, arrival);
    Completion.of(ctx).then(body::wipe);
    return body;
  }

  /**
   * Waits until the caller may read a list.
   *
   * @return an action that frees the caller's place
   */
  Runnable enterList(Context ctx, UUID caller) {
    return Completion.of(ctx)
        .waiting(PATIENCE_IN_ALL, most -> lists.enter(caller, Optional.empty(), most));
  }

  /**
   * The form in a user's request for a page, and the place that the request occupies while the page
   * is generated.
   *
   * @param form the form; empty if none was sent
   * @param made the action that frees the place of the page. The action runs at the end of the
   *     request at the latest
   */
  record PagePlace(ReceivedBody form, Runnable made) {}

  /**
   * Receives the form for a page, if there is one, and waits until the page may be generated. A
   * page might have to wait for other pages of the same user. A waiting request occupies no other
   * place.
   */
  PagePlace enterPage(Context ctx, UUID caller, boolean withForm) {
    try (var arrival = bodies.begin(caller, Completion.of(ctx)::abort)) {
      ReceivedBody form =
          withForm ? received(ctx, Form.LARGEST_OF_USER, arrival) : ReceivedBody.none();
      enterIfLarge(ctx, form, largeForms, caller);
      Runnable made = enter(ctx, pages, caller);
      if (withForm) {
        Runnable unused = enter(ctx, writes, caller);
      }
      enter(ctx, caller);
      return new PagePlace(form, made);
    }
  }

  /**
   * Limits the number of concurrent requests, for each caller and for all callers together. Further
   * requests wait, in the order in which they came. A quarter of all places is only for the first
   * few requests of each caller, because four callers with slow requests could otherwise keep
   * everybody else waiting. For each waiting request, the connection of one running request is
   * closed, if callers of running requests have read nothing for a while. Among the callers who
   * read nothing, the caller with the most such requests is chosen. The closed connection is the
   * connection of this caller's request that has waited longest for its caller to read. If no
   * connection were closed, a few callers who read no answers could keep everybody else waiting.
   *
   * @param <K> the type of the key that identifies a caller
   */
  static final class ConcurrencyLimit<K> {
    /**
     * The time for which a caller may read nothing before the request has to give way to others.
     */
    private static final long LEAST_UNREAD = Duration.ofSeconds(1).toNanos();

    private static final long PAUSE = Duration.ofMillis(250).toNanos();

    private final int most;
    private final int mostFurther;
    private final int perCaller;
    private final int few;
    private final Duration patience;
    // The map drops a caller's requests when no running request refers to them.
    private final Cache<K, OfCaller> callers = Caffeine.newBuilder().weakValues().build();

    // The object's lock guards the following fields, and the number of each caller's requests.
    private final Set<Turn> waiting = new LinkedHashSet<>();
    private final Map<Completion, OfCaller> requests = new HashMap<>();
    private int entered;

    /** The number of requests in addition to the first few requests of their callers. */
    private int further;

    ConcurrencyLimit(int most, int perCaller, Duration patience) {
      this.most = most;
      this.mostFurther = Math.max(1, most * 3 / 4);
      this.perCaller = perCaller;
      this.few = Math.max(1, perCaller / 16);
      this.patience = patience;
    }

    /**
     * Waits until the caller may proceed.
     *
     * @param request the request that keeps the place until its answer was sent; empty if the place
     *     is given back earlier
     * @param longest the longest time to wait, if it is shorter than this limit's own
     * @return an action that gives the place back; running it again has no effect
     * @throws ProblemException if no place becomes free in time
     */
    Runnable enter(K caller, Optional<Completion> request, Duration longest) {
      long most = Math.min(patience.toNanos(), longest.toNanos());
      long deadline = System.nanoTime() + most;
      OfCaller own = callers.get(caller, unused -> new OfCaller(perCaller));
      if (!acquired(own.places, most)) {
        throw new ProblemException(Problems.rateLimited(Duration.ofSeconds(1)));
      }
      Turn turn = new Turn(own, request);
      if (!enteredOrQueued(turn) && !enteredBefore(deadline, turn)) {
        own.places.release();
        throw new ProblemException(Problems.busy());
      }
      AtomicBoolean left = new AtomicBoolean();
      return () -> {
        if (left.compareAndSet(false, true)) {
          leave(turn);
          own.places.release();
        }
      };
    }

    private static boolean acquired(Semaphore places, long nanos) {
      try {
        return places.tryAcquire(nanos, TimeUnit.NANOSECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }

    private boolean enteredBefore(long deadline, Turn turn) {
      try {
        for (long wait = deadline - System.nanoTime();
            wait > 0;
            wait = deadline - System.nanoTime()) {
          if (turn.came.await(Math.min(wait, PAUSE), TimeUnit.NANOSECONDS)) {
            return true;
          }
          takenUnread(turn).ifPresent(Completion::abort);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return !gaveUp(turn);
    }

    /** The requests of one caller. */
    private static final class OfCaller {
      /** The places of the requests that have entered, or wait for requests of other callers. */
      private final Semaphore places;

      private int entered;

      OfCaller(int most) {
        places = new Semaphore(most, true);
      }
    }

    /** A request that enters at once, or waits for requests of other callers. */
    private record Turn(OfCaller caller, Optional<Completion> request, CountDownLatch came) {
      Turn(OfCaller caller, Optional<Completion> request) {
        this(caller, request, new CountDownLatch(1));
      }
    }

    /**
     * Lets a request enter, or adds it to the waiting requests. None of the requests that already
     * wait may enter now, so the new request overtakes nobody.
     */
    private synchronized boolean enteredOrQueued(Turn turn) {
      if (mayEnter(turn)) {
        enter(turn);
        return true;
      }
      waiting.add(turn);
      return false;
    }

    private boolean mayEnter(Turn turn) {
      return entered < most && !lacksFurther(turn);
    }

    private boolean lacksFurther(Turn turn) {
      return turn.caller.entered >= few && further >= mostFurther;
    }

    private void enter(Turn turn) {
      further += turn.caller.entered >= few ? 1 : 0;
      turn.caller.entered++;
      entered++;
      turn.request.ifPresent(one -> requests.put(one, turn.caller));
    }

    private synchronized void leave(Turn turn) {
      turn.request.ifPresent(requests::remove);
      entered--;
      turn.caller.entered--;
      further -= turn.caller.entered >= few ? 1 : 0;
      // A request that leaves makes room for one request at most.
      waiting.stream().filter(this::mayEnter).findFirst().ifPresent(this::admit);
    }

    private void admit(Turn next) {
      waiting.remove(next);
      enter(next);
      next.came.countDown();
    }

    private synchronized boolean gaveUp(Turn turn) {
      return waiting.remove(turn);
    }

    /**
     * Chooses a request whose caller reads nothing, and whose end lets the waiting request enter.
     */
    private synchronized Optional<Completion> takenUnread(Turn turn) {
      int kept = lacksFurther(turn) ? few : 0;
      Optional<Completion> longest =
          requests.entrySet().stream()
              .collect(
                  Collectors.groupingBy(
                      Map.Entry::getValue,
                      Collectors.mapping(Map.Entry::getKey, Collectors.toList())))
              .values()
              .stream()
              .filter(ofOne -> ofOne.size() > kept)
              .map(ofOne -> ofOne.stream().filter(one -> one.unread() >= LEAST_UNREAD).toList())
              .max(Comparator.comparingInt(List::size))
              .flatMap(ofOne -> ofOne.stream().max(Comparator.comparingLong(Completion::unread)));
      // The place becomes free only after a moment.
      longest.ifPresent(requests::remove);
      return longest;
    }
  }
}
