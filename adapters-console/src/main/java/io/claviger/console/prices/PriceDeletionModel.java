package io.claviger.console.prices;

import io.claviger.console.page.FormState;
import org.jspecify.annotations.Nullable;

/**
 * The page that says what becomes of calls when a price is deleted.
 *
 * @param path where the form is sent to
 * @param back the address of the list
 * @param before the price that counts instead; null if there is none
 */
public record PriceDeletionModel(
    String of,
    PriceLine price,
    String path,
    String back,
    @Nullable PriceLine before,
    FormState form) {}
