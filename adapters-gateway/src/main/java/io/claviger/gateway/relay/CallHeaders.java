package io.claviger.gateway.relay;

import io.claviger.application.budgets.BudgetLeft;
import io.claviger.application.budgets.CallSpending;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.model.CallerScan;
import io.claviger.gateway.wire.HeadWriter;
import io.netty.util.AsciiString;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The headers that are added to every answer whose caller is allowed to know them: the service, the
 * source of the key, and the request's id.
 */
final class CallHeaders {
  private static final AsciiString SERVICE = AsciiString.cached("X-Claviger-Service");
  private static final AsciiString KEY_SOURCE = AsciiString.cached("X-Claviger-Key-Source");
  private static final AsciiString LOCATION = AsciiString.cached("X-Claviger-Location");
  private static final AsciiString MODEL = AsciiString.cached("X-Claviger-Model");
  private static final AsciiString STORE = AsciiString.cached("X-Claviger-Store");
  private static final AsciiString ATTEMPTS = AsciiString.cached("X-Claviger-Attempts");
  private static final AsciiString WAITED = AsciiString.cached("X-Claviger-Waited");
  private static final AsciiString BUDGET_LEFT = AsciiString.cached("X-Claviger-Budget-Left");
  private static final AsciiString REQUEST = AsciiString.cached("X-Claviger-Request");
  private static final AsciiString LEFT_OUT = AsciiString.cached("X-Claviger-Left-Out");
  private static final AsciiString REQUEST_ID = AsciiString.cached("X-Request-Id");

  /**
   * Headers that keep an answer from everybody except the caller. A browser must not show a
   * provider's answer as a page of the gateway's host. No cache may store the answer, because the
   * next caller may not be permitted to see it.
   */
  private static final AsciiString FOR_NOBODY_ELSE =
      AsciiString.cached(
          String.join(
              "\r\n",
              "Cache-Control: private, no-store",
              "X-Content-Type-Options: nosniff",
              "Content-Security-Policy: sandbox",
              ""));

  /**
   * Characters that are invalid in a header, or that a proxy might understand differently than the
   * gateway.
   */
  private static final Pattern NOT_VISIBLE = Pattern.compile("[^!-~]");

  private final String requestId;
  private final Supplier<WireFormat> guess;
  private final String forPages;
  private @Nullable WireFormat format;
  private @Nullable String service;
  private @Nullable KeySource source;
  private Optional<String> location = Optional.empty();
  private @Nullable String model;
  private int attempts;
  private long waitedMillis;
  private Optional<CallerScan.ResultStorage> storage = Optional.empty();
  private CallSpending spending = CallSpending.NONE;
  private @Nullable String requestLink;
  private @Nullable String leftOut;

  /**
   * @param guess a function that guesses the format from the request; it is called only if the
   *     service's format is unknown
   * @param forPages header lines that permit scripts of web pages to read the answer; may be empty
   */
  CallHeaders(String requestId, Supplier<WireFormat> guess, String forPages) {
    this.requestId = requestId;
    this.guess = guess;
    this.forPages = forPages;
  }

  /**
   * Lets answers name the service from now on, because the caller is allowed to know the service.
   */
  void entitled(String to, WireFormat itsFormat) {
    service = to;
    format = itsFormat;
  }

  /**
   * Records the region that processes the call. Records none if the service's endpoint names no
   * region.
   */
  void location(Optional<String> where) {
    location = where;
  }

  void keySource(KeySource whose) {
    source = whose;
  }

  /**
   * Records that the call's model selected the target.
   *
   * @param itsName the provider's name for the model
   * @param attempt the number of the attempt, from 1
   */
  void attempt(String itsName, int attempt) {
    model = itsName;
    attempts = attempt;
  }

  /**
   * Records whether the provider should store the result. Records nothing if the request does not
   * say.
   */
  void storage(Optional<CallerScan.ResultStorage> where) {
    storage = where;
  }

  /**
   * Records what the call has reserved. From now on, answers say how much of each budget is left
   * after the reservation.
   */
  void spending(CallSpending reserved) {
    spending = reserved;
  }

  /**
   * Records how long the call has waited for its turn.
   *
   * @param millis the whole waiting time so far, in milliseconds; at least 1
   */
  void waited(long millis) {
    waitedMillis = millis;
  }

  /** Records the link to the page on which the caller can request access or higher limits. */
  void requestLink(String url) {
    requestLink = url;
  }

  /** Records the services whose objects are missing from the list in the answer. */
  void leftOut(String services) {
    leftOut = services;
  }

  WireFormat format() {
    WireFormat known = format == null ? guess.get() : format;
    format = known;
    return known;
  }

  String requestId() {
    return requestId;
  }

  void write(HeadWriter head) {
    head.header(REQUEST_ID, requestId);
    Optional<String> further = format().api().requestIdHeader();
    if (further.isPresent()) {
      head.header(further.get(), requestId);
    }
    if (service != null) {
      head.header(SERVICE, service);
    }
    if (source != null) {
      head.header(KEY_SOURCE, source.wireName());
    }
    if (location.isPresent()) {
      head.header(LOCATION, location.get());
    }
    if (model != null) {
      head.header(MODEL, visible(model));
    }
    if (storage.isPresent()) {
      head.header(STORE, storage.get() == CallerScan.ResultStorage.NONE ? "none" : "lent");
    }
    if (waitedMillis > 0) {
      head.header(WAITED, Long.toString(waitedMillis));
    }
    Optional<BudgetLeft> left = spending.left();
    if (left.isPresent()) {
      head.header(BUDGET_LEFT, left.get().text());
    }
    if (requestLink != null) {
      head.header(REQUEST, requestLink);
    }
    if (leftOut != null) {
      head.header(LEFT_OUT, leftOut);
    }
    if (attempts > 1) {
      head.header(ATTEMPTS, Integer.toString(attempts));
    }
    head.text(FOR_NOBODY_ELSE).text(forPages);
  }

  /**
   * Replaces all characters except visible ASCII with question marks. Most names contain only
   * visible ASCII, and need no regular expression.
   */
  private static String visible(String name) {
    for (int i = 0; i < name.length(); i++) {
      if (name.charAt(i) < '!' || name.charAt(i) > '~') {
        return NOT_VISIBLE.matcher(name).replaceAll("?");
      }
    }
    return name;
  }
}
