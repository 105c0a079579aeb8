package io.claviger.console.budgets;

import io.claviger.console.page.Difference;
import io.claviger.console.page.FormState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The page on which somebody says where messages about budgets go.
 *
 * @param path where the form is sent to
 * @param stored null if there is no webhook yet
 * @param secret with which messages are signed; null unless this page just made it
 * @param differing what somebody else changed while the form was open
 */
public record WebhookModel(
    String user,
    String path,
    @Nullable WebhookStatus stored,
    FormState form,
    @Nullable String secret,
    List<Difference> differing) {
  public WebhookModel {
    differing = List.copyOf(differing);
  }

  /**
   * A webhook that is there.
   *
   * @param waiting messages that are not delivered yet
   * @param deliveredAt when the last one was (ISO 8601); null if none was
   * @param failure why the last attempt failed; null if it did not
   * @param failedAt when it did (ISO 8601)
   */
  public record WebhookStatus(
      String url,
      int waiting,
      @Nullable String deliveredAt,
      @Nullable String failure,
      @Nullable String failedAt) {}
}
