package io.claviger.application.usage;

import io.claviger.domain.spending.CallCharge;
import java.util.Optional;

/**
 * How one call is charged.
 *
 * @param failed whether the provider answered with an error
 * @param charge what budgets were charged, by which usage is charged as well; empty where the
 *     prices were not looked up for any budget
 */
public record ChargedCall(ChargePolicy charging, boolean failed, Optional<CallCharge> charge) {}
