package io.claviger.domain.webhooks;

import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetHolder;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * The message that a budget has been used up to a threshold.
 *
 * @param id the id, which is the same in each attempt to deliver the message
 * @param holder the name of the user or group whose use was counted
 * @param threshold the threshold in percent
 * @param amount what the budget allowed at the time, with raises, in the smallest part of its unit
 * @param settled what was used up at the time, in the same parts
 * @param resetsAt when the window ends; empty for one that never ends
 * @param createdAt when the threshold was reached
 */
public record WebhookMessage(
    UUID id,
    BudgetHolder holder,
    Budget.Key budget,
    int threshold,
    long amount,
    long settled,
    Instant windowStartsAt,
    Optional<Instant> resetsAt,
    Instant createdAt) {}
