package io.claviger.console.services;

import io.claviger.console.budgets.BudgetLine;
import io.claviger.console.budgets.BudgetTrialPages;
import io.claviger.console.page.FormState;
import io.claviger.console.requests.AskPages;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One service.
 *
 * @param rights what the viewer may do with it
 * @param allowance how much the viewer may use
 * @param holders who has a share; null if the viewer may not know
 * @param rejections which of the keys that the viewer can replace the provider rejects
 * @param check what a check just found; null if none was made
 */
public record ServiceModel(
    ServiceLine line,
    ServiceRights rights,
    List<Fact> facts,
    Allowance allowance,
    Key key,
    List<Rejection> rejections,
    @Nullable List<Holder> holders,
    @Nullable CheckLine check) {
  public ServiceModel {
    facts = List.copyOf(facts);
    rejections = List.copyOf(rejections);
  }

  /** The page on which it is lent. */
  public String lendPath() {
    return line.path() + "/lend";
  }

  /** The page on which its owner is asked for more of it. */
  public String askPath() {
    return AskPages.pathFor(line.ref());
  }

  /** The page on which budgets are tried on it. */
  public String trialPath() {
    return BudgetTrialPages.of(line.ref());
  }

  public boolean isEnabled() {
    return line.state() != ServiceLine.State.DISABLED;
  }

  /**
   * A setting.
   *
   * @param time whether the value is a time (ISO 8601)
   */
  public record Fact(String term, String value, boolean time) {
    Fact(String term, String value) {
      this(term, value, false);
    }
  }

  /**
   * How much the viewer may use.
   *
   * @param limits a phrase for each; none where there is no limit
   * @param budgets what is left of them
   * @param all the address of the budgets of all who call the service
   */
  public record Allowance(List<String> limits, List<BudgetLine> budgets, String all) {
    public Allowance {
      limits = List.copyOf(limits);
      budgets = List.copyOf(budgets);
    }
  }

  /**
   * The key of the service.
   *
   * @param setAt when it was stored (ISO 8601); null if none is
   * @param endpoint where it is sent to
   * @param version the version of the service whose key the form replaces
   * @param own the viewer's own key for the service; null if it uses none
   * @param form the form on which it is replaced
   */
  public record Key(
      @Nullable String setAt,
      String endpoint,
      long version,
      @Nullable OwnKey own,
      FormState form) {}

  /**
   * A key that the provider rejects.
   *
   * @param own whether it is the viewer's own
   * @param since when it was first rejected (ISO 8601)
   * @param status the status of the provider's answer
   */
  public record Rejection(boolean own, String since, int status) {}

  /**
   * A key of the viewer's own.
   *
   * @param setAt when it was stored (ISO 8601); null if none is
   */
  public record OwnKey(@Nullable String setAt) {}

  /**
   * Somebody who has a share.
   *
   * @param name a handle, or that of a group with its {@code @}
   * @param limits in words; empty if there are none
   * @param until when the share ends (ISO 8601); null if it does not
   */
  public record Holder(
      String name, String role, String limits, @Nullable String until, String givenBy) {
    /** The name as a query contains it. */
    public String nameInQuery() {
      return URLEncoder.encode(name, StandardCharsets.UTF_8);
    }
  }
}
