package io.claviger.domain.webhooks;

import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetHolder;
import java.time.Instant;
import java.time.YearMonth;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** The content of a message to a webhook. */
public sealed interface WebhookMessage {
  /** The id, which is the same in all attempts to deliver the message. */
  UUID id();

  /**
   * Returns the budget's holder, whose current name is added when the message is sent. Empty if the
   * message already contains all names.
   */
  Optional<BudgetHolder> named();

  EventType type();

  /** Returns the time of the event that the message is about. */
  Instant createdAt();

  /**
   * The use of a budget reached a threshold.
   *
   * @param holder the name of the user or group whose use was counted
   * @param threshold the threshold, in percent of the amount
   * @param amount the allowed amount when the threshold was reached, including raises, in
   *     nano-dollars, tokens or requests
   * @param settled the amount that had been used when the threshold was reached, in nano-dollars,
   *     tokens or requests
   * @param resetsAt the end of the window; empty if the window never ends
   * @param createdAt when the threshold was reached
   */
  record ThresholdReached(
      UUID id,
      BudgetHolder holder,
      Budget.Key budget,
      int threshold,
      long amount,
      long settled,
      Instant windowStartsAt,
      Optional<Instant> resetsAt,
      Instant createdAt)
      implements WebhookMessage {
    @Override
    public Optional<BudgetHolder> named() {
      return Optional.of(holder);
    }

    @Override
    public EventType type() {
      return EventType.BUDGET_CROSSED;
    }
  }

  /**
   * A large part of a provider's bill is unexplained.
   *
   * @param service the id of the service
   * @param theirs the amount that the provider bills for the month, in nano-dollars
   * @param ours the amount that Claviger counted for the month, in nano-dollars
   */
  record BillUnexplained(
      UUID id,
      UUID service,
      YearMonth month,
      long theirs,
      long ours,
      long unexplained,
      Instant createdAt)
      implements WebhookMessage {
    @Override
    public Optional<BudgetHolder> named() {
      return Optional.of(BudgetHolder.service(service));
    }

    @Override
    public EventType type() {
      return EventType.BILL_DIFFERS;
    }
  }

  /**
   * An event that people have to know about. The message contains the names at the time of the
   * event.
   *
   * @param facts the facts of the event, each under a name such as {@code service} or {@code
   *     asked_by}. The names are field names of the API. The values include texts that users chose
   * @param page the path of the console's page about the event, such as {@code /console/requests}
   */
  record Happened(
      UUID id, EventType type, List<Fact> facts, Optional<String> page, Instant createdAt)
      implements WebhookMessage {
    public Happened {
      facts = List.copyOf(facts);
    }

    @Override
    public Optional<BudgetHolder> named() {
      return Optional.empty();
    }
  }

  /**
   * The name of a fact and its value.
   *
   * @param value the value, as one line of at most {@link #LONGEST} characters. Longer values are
   *     cut. Line breaks and characters that change the writing direction are replaced
   */
  record Fact(String name, String value) {
    public static final int LONGEST = 300;

    private static final Pattern CONTROLS = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]+");

    public Fact {
      value = CONTROLS.matcher(value).replaceAll(" ");
      if (value.codePointCount(0, value.length()) > LONGEST) {
        value = value.substring(0, value.offsetByCodePoints(0, LONGEST - 1)) + "…";
      }
    }
  }
}
