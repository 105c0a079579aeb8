package io.claviger.client.listings;

import io.claviger.client.command.ClientCommand;
import io.claviger.client.faults.ClientFault;
import io.claviger.client.http.ApiRefusal;
import io.claviger.client.json.JsonTrees;
import io.claviger.client.session.ApiSession;
import io.claviger.client.terminal.ProgramContext;
import io.claviger.client.terminal.Screen;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** Shows the present activity and updates it every second, until the user types q. */
@Command(
    name = "top",
    description = {
      "Show what is being used now, by service and person, updated every second.",
      "If the output is not a terminal, the activity is shown only once."
    })
public final class TopCommand extends ClientCommand {
  private static final String NOW = "/v1/usage/now";
  private static final Duration EACH = Duration.ofSeconds(1);

  /** The maximum time that the nodes need to report their activity after a request. */
  private static final Duration UNTIL_COMPLETE = Duration.ofMillis(2_200);

  private static final int CTRL_C = 3;
  private static final int ESCAPE = 27;
  private static final int NO_KEY = -1;

  /**
   * Keys that begin with an escape send 2 to 6 characters, and this number is a multiple of each.
   */
  private static final int MOST_AT_ONCE = 60;

  private static final int TOO_MANY = 429;
  private static final int OUT_OF_ORDER = 500;

  @Option(names = "--once", description = "Show the usage only once, even on a terminal.")
  private boolean once;

  @Option(
      names = "--json",
      description = "Print the usage only once, as JSON in the form of the API.")
  private boolean json;

  private final LongConsumer sleep;

  public TopCommand(ProgramContext context) {
    this(context, TopCommand::pause);
  }

  TopCommand(ProgramContext context, LongConsumer sleep) {
    super(context);
    this.sleep = sleep;
  }

  /** The server's last answer, or the fault that occurred instead. */
  private record News(Optional<JsonNode> activity, Optional<ClientFault> fault, boolean ended) {}

  @Override
  protected int run(ApiSession session) {
    Optional<Screen> whole = once || json ? Optional.empty() : context.terminal().screen();
    if (whole.isEmpty()) {
      return showOnce(session);
    }
    try (Screen screen = whole.get()) {
      return show(session, screen);
    }
  }

  private int showOnce(ApiSession session) {
    JsonNode activity = session.api().get(NOW);
    if (!activity.path("complete").asBoolean()) {
      sleep.accept(UNTIL_COMPLETE.toMillis());
      activity = session.api().get(NOW);
    }
    if (json) {
      out().println(JsonTrees.pretty(activity));
    } else {
      new TopView(context.colours())
          .lines(activity, context.terminal().columns(), Integer.MAX_VALUE)
          .forEach(out()::println);
    }
    return DONE;
  }

  private int show(ApiSession session, Screen screen) {
    TopView view = new TopView(context.colours());
    AtomicReference<News> news =
        new AtomicReference<>(new News(Optional.empty(), Optional.empty(), false));
    Thread asking = Thread.ofPlatform().daemon().start(() -> ask(session, news));
    try {
      News drawn = null;
      boolean changed = true;
      while (screen.isOpen() && !news.get().ended()) {
        News newest = news.get();
        if (changed || !newest.equals(drawn)) {
          drawn = newest;
          screen.draw(frame(session, screen, view, drawn));
        }
        int key = key(screen);
        if (key == 'q' || key == 'Q' || key == CTRL_C) {
          return DONE;
        }
        changed = key >= 0 && view.type((char) key);
      }
    } finally {
      asking.interrupt();
    }
    if (news.get().ended()) {
      throw news.get().fault().orElseThrow();
    }
    return DONE;
  }

  /**
   * Waits for a key, like {@link Screen#key}. Keys such as the arrows send several characters at
   * once, of which the first is an escape and the others can be letters. Such a key, and what is
   * typed together with it, counts as no key. While such a key is held down, characters arrive
   * without end, so at most {@value #MOST_AT_ONCE} are read before the screen is drawn again.
   */
  static int key(Screen screen) {
    int key = screen.key();
    if (key == ESCAPE) {
      int read = 1;
      do {
        key = screen.key();
        read++;
      } while (key >= 0 && key != CTRL_C && read < MOST_AT_ONCE);
      return key == CTRL_C ? key : NO_KEY;
    }
    return key;
  }

  private List<String> frame(ApiSession session, Screen screen, TopView view, News news) {
    String time =
        LocalTime.now(context.clock().withZone(ZoneId.systemDefault()))
            .truncatedTo(ChronoUnit.SECONDS)
            .toString();
    String title = "%s \u00b7 %s \u00b7 %s".formatted(session.name(), session.user(), time);
    return view.screen(
        title,
        news.activity(),
        news.fault().map(fault -> fault.lines().getFirst()).orElse(""),
        screen.columns(),
        screen.rows());
  }

  /**
   * Requests the activity from the server once per second. If the server does not answer, the last
   * answer remains on the screen, and the program asks again.
   */
  private static void ask(ApiSession session, AtomicReference<News> news) {
    session.api().silence();
    while (!Thread.currentThread().isInterrupted()) {
      Optional<JsonNode> last = news.get().activity();
      Duration pause = EACH;
      try {
        news.set(new News(Optional.of(session.api().get(NOW)), Optional.empty(), false));
      } catch (ApiRefusal refusal) {
        boolean passes = refusal.status() == TOO_MANY || refusal.status() >= OUT_OF_ORDER;
        news.set(new News(last, Optional.of(refusal.fault()), !passes));
        if (!passes) {
          return;
        }
        pause = refusal.waiting().filter(wait -> wait.compareTo(EACH) > 0).orElse(EACH);
      } catch (ClientFault fault) {
        news.set(new News(last, Optional.of(fault), false));
      }
      pause(pause.toMillis());
    }
  }

  private static void pause(long millis) {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
