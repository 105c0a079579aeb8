package io.claviger.console.people;

import io.claviger.console.page.FormState;

/**
 * The page of a person or service account.
 *
 * @param person as stored
 * @param mayChange whether the viewer may change and delete it
 */
public record PersonModel(PersonLine person, boolean mayChange, FormState form) {}
