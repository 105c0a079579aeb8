package io.claviger.console.transfers;

import io.claviger.console.page.FormState;

/**
 * The form that offers a service.
 *
 * @param service the page of the service
 * @param openFor for how many days the offer can be accepted
 */
public record OfferModel(String service, long openFor, FormState form) {}
