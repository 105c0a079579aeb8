package io.claviger.console.requests;

import io.claviger.console.page.FormState;

/**
 * The page on which somebody asks for more of a service.
 *
 * @param service {@code owner/handle}
 * @param back the page of the service
 */
public record AskModel(String service, String back, FormState form) {}
