package io.claviger.console.people;

import io.claviger.console.page.FormState;

/** The page on which somebody is added. */
public record NewPersonModel(FormState form) {}
