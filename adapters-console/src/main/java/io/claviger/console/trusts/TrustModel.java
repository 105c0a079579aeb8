package io.claviger.console.trusts;

import io.claviger.console.page.EditForm;
import java.util.List;

/**
 * The form that changes a trust.
 *
 * @param path the path of this page
 * @param back the page with all trusts of the account
 * @param issuers the names of those that a trust may name
 */
public record TrustModel(
    String account, String path, String back, List<String> issuers, EditForm change) {
  public TrustModel {
    issuers = List.copyOf(issuers);
  }
}
