package io.claviger.console.connecting;

import io.claviger.console.page.FormState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The page on which a program is connected to a service.
 *
 * @param path the path of this page
 * @param back the page of the service
 * @param url the service's address at the gateway
 * @param token the text of an access token that was just made; null if none was
 */
public record ConnectModel(
    String path,
    String back,
    String url,
    String model,
    @Nullable String token,
    List<Snippet> snippets,
    TestCallModel testCall,
    FormState form) {
  public ConnectModel {
    snippets = List.copyOf(snippets);
  }

  @Override
  public String toString() {
    return "ConnectModel[" + path + "]";
  }
}
