package io.claviger.signin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Fills in Keycloak's sign-in page without a browser. It keeps cookies as a browser does on this
 * machine, where {@code Secure} ones are sent over plain HTTP too.
 */
final class KeycloakLogin {
  private static final Pattern FORM = Pattern.compile("<form[^>]*action=\"([^\"]+)\"");

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final Map<String, String> cookies = new TreeMap<>();

  /**
   * Signs in.
   *
   * @param location where Claviger sent the browser
   * @return where Keycloak sends the browser back to
   */
  URI signIn(URI location, String name) {
    HttpResponse<String> page = send(HttpRequest.newBuilder(location));
    if (page.statusCode() == 302 || page.statusCode() == 303) {
      return back(page);
    }
    assertThat(page.statusCode()).as(page.body()).isEqualTo(200);
    Matcher form = FORM.matcher(page.body());
    assertThat(form.find()).as(page.body()).isTrue();
    URI action = URI.create(form.group(1).replace("&amp;", "&"));
    return back(
        send(
            HttpRequest.newBuilder(action)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(
                    BodyPublishers.ofString(
                        "username=" + encoded(name) + "&password=password-of-" + encoded(name)))));
  }

  private static URI back(HttpResponse<String> redirect) {
    assertThat(redirect.statusCode()).as(redirect.body()).isIn(302, 303);
    return URI.create(redirect.headers().firstValue("Location").orElseThrow());
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    if (!cookies.isEmpty()) {
      request.header(
          "Cookie",
          cookies.entrySet().stream()
              .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
              .collect(Collectors.joining("; ")));
    }
    try {
      HttpResponse<String> response =
          HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
      for (String set : response.headers().allValues("Set-Cookie")) {
        String[] cookie = set.split(";", 2)[0].split("=", 2);
        cookies.put(cookie[0], cookie[1]);
      }
      return response;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
