package io.claviger.console.transfers;

import io.claviger.console.page.FormState;

/**
 * The form that offers a service or a project.
 *
 * @param path the path of this page
 * @param back the page to go back to
 * @param project whether it is a project
 * @param openFor for how many days the offer can be accepted
 */
public record OfferModel(String path, String back, boolean project, long openFor, FormState form) {}
