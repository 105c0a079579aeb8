package io.claviger.domain.webhooks;

import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetHolder;
import java.time.Instant;
import java.time.YearMonth;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** What the user of a webhook is told. */
public sealed interface WebhookMessage {
  /** The id, which is the same in each attempt to deliver the message. */
  UUID id();

  /** Whose current name the message says; empty if it says only names that it holds itself. */
  Optional<BudgetHolder> named();

  EventType type();

  /** When what it tells happened. */
  Instant createdAt();

  /**
   * A budget has been used up to a threshold.
   *
   * @param holder the name of the user or group whose use was counted
   * @param threshold the threshold in percent
   * @param amount what the budget allowed at the time, with raises, in the smallest part of its
   *     unit
   * @param settled what was used up at the time, in the same parts
   * @param resetsAt when the window ends; empty for one that never ends
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
   * Much of a provider's bill is unexplained.
   *
   * @param service the id of the service
   * @param theirs what the provider bills for the month, in nano-dollars, as are the others
   * @param ours what Claviger counted
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
   * Something that people have to know, with the names at the time.
   *
   * @param facts what happened, by name: {@code service}, {@code asked_by}. The names are those of
   *     the API. Text that users chose is among the values
   * @param page the path of the console's page that answers, such as {@code /console/requests}
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
   * A name and its value.
   *
   * @param value at most {@value #LONGEST} characters in one line; a longer one is cut. Characters
   *     that control lines or directions are replaced
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
