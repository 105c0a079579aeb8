package io.claviger.console.requests;

import io.claviger.console.page.FormState;

/**
 * The page on which an owner chooses whose requests they take.
 *
 * @param shown what is stored, which the form repeats so that it changes nothing else
 */
public record MutedModel(FormState form, String shown) {}
