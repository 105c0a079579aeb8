package io.claviger.console.capacity;

import io.claviger.application.capacity.CapacityReports.CapacityReport;
import io.claviger.application.capacity.port.CapacityRecords.MinuteRecord;
import io.claviger.application.capacity.port.CapacityRecords.RecordedLimit;
import io.claviger.console.page.Numbers;
import io.claviger.domain.fairness.PaceLimit;
import io.claviger.domain.fairness.PaceUse;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The last hour as a picture (SVG) with a bar for each minute. The picture is 600 SVG units wide
 * and 120 units high. Each minute is 10 units wide.
 *
 * @param title the name of the unit that is counted
 * @param most the amount that a bar of the full height represents
 * @param allowed the height, in units, of the line that marks the provider's limit; null if the
 *     limit is not known
 * @param summary what the picture shows, in a sentence
 */
public record HourPicture(
    String title, String most, @Nullable Integer allowed, List<Bar> bars, String summary) {
  static final int HEIGHT = 120;
  private static final int MINUTES = 60;
  private static final int WIDTH = 10;

  public HourPicture {
    bars = List.copyOf(bars);
  }

  /**
   * A part of a minute's bar.
   *
   * @param of the CSS class of this part: {@code used}, {@code waited} or {@code refused}
   * @param x the distance, in units, of the bar's left edge from the left edge of the picture
   * @param y the distance, in units, of the part's upper edge from the upper edge of the picture
   */
  public record Bar(String of, int x, int y, int height) {}

  /**
   * The amounts in one minute: how much was sent, how much of this had to wait before it was sent,
   * and how much was refused.
   */
  private record Counts(long used, long waited, long refused) {}

  /** Returns two pictures, one of requests and one of tokens; empty if there were no calls. */
  static List<HourPicture> of(CapacityReport report, Instant now) {
    if (report.lastHour().isEmpty()) {
      return List.of();
    }
    List<HourPicture> pictures = new ArrayList<>();
    pictures.add(
        drawn(
            "Requests a minute",
            report,
            now,
            PaceLimit.REQUESTS_PER_MINUTE,
            minute ->
                new Counts(
                    minute.used().calls(),
                    Math.min(minute.used().calls(), minute.waits().calls()),
                    minute.waits().refused())));
    ToLongFunction<PaceUse> tokens = PaceLimit.TOKENS_PER_MINUTE::partOf;
    if (report.lastHour().stream().anyMatch(each -> tokens.applyAsLong(each.used()) > 0)) {
      pictures.add(
          drawn(
              "Tokens a minute",
              report,
              now,
              PaceLimit.TOKENS_PER_MINUTE,
              minute -> new Counts(tokens.applyAsLong(minute.used()), 0, 0)));
    }
    return pictures;
  }

  private static HourPicture drawn(
      String title,
      CapacityReport report,
      Instant now,
      PaceLimit limit,
      Function<MinuteRecord, Counts> counted) {
    Map<Instant, Counts> minutes =
        report.lastHour().stream().collect(Collectors.toMap(MinuteRecord::minute, counted));
    long allowed = allowed(report, limit);
    long used = minutes.values().stream().mapToLong(Counts::used).max().orElse(0);
    long most =
        Math.max(
            Math.max(1, allowed),
            minutes.values().stream().mapToLong(c -> c.used + c.refused).max().orElse(0));
    List<Bar> bars = new ArrayList<>();
    Instant first =
        end(report, now).truncatedTo(ChronoUnit.MINUTES).minus(Duration.ofMinutes(MINUTES - 1));
    for (int n = 0; n < MINUTES; n++) {
      Counts counts = minutes.get(first.plus(Duration.ofMinutes(n)));
      if (counts != null) {
        addBars(bars, n * WIDTH, counts, most);
      }
    }
    return new HourPicture(
        title,
        Numbers.shown(most),
        allowed == 0 ? null : HEIGHT - height(allowed, most),
        bars,
        "%s of the last hour: %s at most%s."
            .formatted(
                title,
                Numbers.shown(used),
                allowed == 0 ? "" : ", of " + Numbers.shown(allowed) + " that are allowed"));
  }

  /**
   * Returns the later of two times: the last minute of the report, and this node's time. The report
   * takes its minutes from the database's clock, which can be ahead of this node's clock.
   */
  private static Instant end(CapacityReport report, Instant now) {
    Instant last = report.lastHour().getLast().minute();
    return last.isAfter(now) ? last : now;
  }

  private static void addBars(List<Bar> bars, int x, Counts counts, long most) {
    int used = height(counts.used, most);
    int waited = height(counts.waited, most);
    int all = height(counts.used + counts.refused, most);
    add(bars, "used", x, 0, used - waited);
    add(bars, "waited", x, used - waited, used);
    add(bars, "refused", x, used, all);
  }

  private static void add(List<Bar> bars, String of, int x, int from, int to) {
    if (to > from) {
      bars.add(new Bar(of, x, HEIGHT - to, to - from));
    }
  }

  private static int height(long count, long most) {
    return (int) Math.ceilDiv(count * HEIGHT, most);
  }

  /**
   * Returns the provider's limit for all models together. Returns 0 if that limit is unknown, or if
   * there is none, for example because each model has its own limit.
   */
  private static long allowed(CapacityReport report, PaceLimit limit) {
    return report.limits().stream()
        .filter(each -> each.limit().equals(limit.wireName()) && each.model().isEmpty())
        .mapToLong(RecordedLimit::allowed)
        .findFirst()
        .orElse(0);
  }
}
