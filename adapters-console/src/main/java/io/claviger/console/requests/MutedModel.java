package io.claviger.console.requests;

import io.claviger.console.page.FormState;

/** The page on which an owner chooses whose requests they take. */
public record MutedModel(FormState form) {}
