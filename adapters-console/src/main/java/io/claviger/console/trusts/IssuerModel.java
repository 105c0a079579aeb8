package io.claviger.console.trusts;

import io.claviger.console.page.EditForm;

/**
 * The form that changes a trusted issuer.
 *
 * @param path the path of this page
 * @param back the page that lists all
 */
public record IssuerModel(String path, String back, EditForm change) {}
