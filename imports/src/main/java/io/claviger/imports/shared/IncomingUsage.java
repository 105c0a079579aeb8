package io.claviger.imports.shared;

import io.claviger.domain.Amounts;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditTarget;
import io.claviger.domain.usage.CountedModel;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A user's usage in the other system, on some days of one month. The usage is shown as usage of
 * {@code _system/imported-…}. The usage is not charged to any budget, because imported budgets
 * already contain the spent amounts.
 *
 * @param userKind the user's kind: user or service account
 * @param user the user's id in the source
 * @param merged whether several users of the source can be the same user in Claviger
 * @param span the range of days whose usage this object contains, so that their usage can't be
 *     imported again
 * @param source the source database's {@link ImportSource#identity}
 * @param days one entry for each combination of day and model with usage
 */
public record IncomingUsage(
    TargetStores stores,
    ImportedKind userKind,
    String user,
    boolean merged,
    Span span,
    String source,
    List<Day> days)
    implements Incoming {

  /** Consecutive days of one month, including the first and the last day. */
  public record Span(LocalDate first, LocalDate last) {
    /** Returns the days that are stated in the name of a journal entry about usage. */
    static Span ofName(String name) {
      return new Span(
          LocalDate.parse(name.substring(0, 10)), LocalDate.parse(name.substring(11, 21)));
    }
  }

  /**
   * The numbers of requests and tokens, and their cost.
   *
   * @param inputTokens all input tokens, including {@code cachedInput} and {@code cacheWrite}
   * @param nanoDollars the cost in the source, in billionths of a dollar; 0 if there was no price
   */
  public record Used(
      long requests,
      long errors,
      long inputTokens,
      long outputTokens,
      long cachedInput,
      long cacheWrite,
      long nanoDollars) {
    private Used plus(Used more) {
      return new Used(
          Amounts.sum(requests, more.requests),
          Amounts.sum(errors, more.errors),
          Amounts.sum(inputTokens, more.inputTokens),
          Amounts.sum(outputTokens, more.outputTokens),
          Amounts.sum(cachedInput, more.cachedInput),
          Amounts.sum(cacheWrite, more.cacheWrite),
          Amounts.sum(nanoDollars, more.nanoDollars));
    }
  }

  /** The usage of one model on one UTC day. */
  public record Day(LocalDate day, CountedModel model, Used used) {
    /** Returns the sum of this usage and other usage of the same day and model. */
    public Day plus(Day more) {
      return new Day(day, model, used.plus(more.used));
    }
  }

  @Override
  public ImportedKind kind() {
    return ImportedKind.USAGE;
  }

  @Override
  public String id() {
    return span.first() + " " + span.last() + " " + user;
  }

  @Override
  public int weight() {
    return Math.max(1, days.size());
  }

  @Override
  public List<Needed> needed() {
    return List.of(Needed.whole(userKind, user));
  }

  @Override
  public Made make(Arrivals arrivals) {
    User.Id id = new User.Id(arrivals.require(userKind, user));
    Handle handle = stores.handleOf(userKind, id.value());
    UUID of = service();
    stores.usage.add(of, id, handle, days);
    return new Made.New(
        of,
        Optional.of(id.value()),
        AuditAction.USAGE_CREATE,
        new AuditTarget(
            "usage",
            Optional.of(of),
            handle + " " + span.first() + " to " + span.last(),
            Optional.of(id)),
        List.of());
  }

  /**
   * Returns the id of the service under which the lines of usage are stored. If several users of
   * the source can be the same user in Claviger, each of them has a separate service. So each line
   * belongs to only one user of the source.
   */
  private UUID service() {
    String of = "claviger usage " + source + (merged ? " " + user : "");
    return UUID.nameUUIDFromBytes(of.getBytes(StandardCharsets.UTF_8));
  }
}
