package io.claviger.web.pages;

import io.claviger.domain.sessions.BrowserSecret;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The cookies that the HTML pages use. Over HTTPS, the names of cookies begin with {@code __Host-}.
 * So no other host and no plain connection can set these cookies (RFC 6265bis, 4.1.3.2).
 */
enum PageCookie {
  /**
   * The secret of a user's session. The browser deletes the cookie when the user closes the
   * browser.
   */
  SESSION("claviger-session", Optional.empty()),

  /** The secret of a browser in which a user has begun to sign in with the identity provider. */
  SIGN_IN("claviger-sign-in", Optional.of(Duration.ofMinutes(10))),

  /** A device's code that a user typed before signing in again. */
  DEVICE("claviger-device", Optional.of(Duration.ofMinutes(10))),

  /**
   * The secret of a browser in which nobody is signed in. This secret protects the forms of pages
   * that the browser shows.
   */
  VISITOR("claviger-visitor", Optional.empty());

  private static final int LONGEST = 200;

  private final String name;
  private final Optional<Duration> lifetime;

  PageCookie(String name, Optional<Duration> lifetime) {
    this.name = name;
    this.lifetime = lifetime;
  }

  /**
   * Returns the value of the cookie that the browser sent; empty if the browser sent none, an
   * unusable one, or several with this name.
   */
  Optional<BrowserSecret> sent(Context ctx, Site site) {
    var cookies = ctx.req().getCookies();
    String[] values =
        (cookies == null ? Stream.<jakarta.servlet.http.Cookie>empty() : Arrays.stream(cookies))
            .filter(cookie -> cookie.getName().equals(nameAt(site)))
            .map(jakarta.servlet.http.Cookie::getValue)
            .toArray(String[]::new);
    return values.length == 1 && !values[0].isEmpty() && values[0].length() <= LONGEST
        ? Optional.of(BrowserSecret.presented(values[0]))
        : Optional.empty();
  }

  void set(Context ctx, Site site, BrowserSecret secret) {
    String until = lifetime.map(time -> "; Max-Age=" + time.toSeconds()).orElse("");
    send(ctx, site, secret.reveal(), until);
  }

  void clear(Context ctx, Site site) {
    send(ctx, site, "", "; Max-Age=0");
  }

  private void send(Context ctx, Site site, String value, String until) {
    String secure = site.transport() == Site.TransportSafety.HTTPS ? "; Secure" : "";
    ctx.res()
        .addHeader(
            "Set-Cookie",
            nameAt(site) + "=" + value + "; Path=/; HttpOnly; SameSite=Lax" + secure + until);
  }

  private String nameAt(Site site) {
    return site.transport() == Site.TransportSafety.HTTPS ? "__Host-" + name : name;
  }
}
