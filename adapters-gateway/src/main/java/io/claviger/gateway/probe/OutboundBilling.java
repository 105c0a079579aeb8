package io.claviger.gateway.probe;

import io.claviger.application.bills.BillingCalls;
import io.claviger.application.bills.BillingCalls.Opened;
import io.claviger.application.bills.port.BillStore.Account;
import io.claviger.application.bills.port.BillingCheck;
import io.claviger.application.bills.port.ProviderBilling;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.domain.bills.BillingCredential;
import io.claviger.domain.bills.BillingCredential.ModelAccess;
import io.claviger.domain.bills.BillingFailure;
import io.claviger.domain.bills.ProviderFigures;
import io.claviger.gateway.bills.BillSource;
import io.claviger.gateway.bills.BillTable;
import io.claviger.gateway.bills.UnreadableBill;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.redact.CallSecretRedactor;
import io.claviger.gateway.redact.Redactor;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests the figures of bills from providers. As for probes of a key, this class follows no
 * redirects and checks every address. The bytes, pages and time for reading one bill are limited.
 */
public final class OutboundBilling implements ProviderBilling, BillingCheck {
  /** The maximum number of bytes of all answers together that are read for one bill. */
  static final int MOST_BYTES = 16 << 20;

  /** The largest size of one answer, in bytes. */
  static final int MOST_BYTES_OF_PAGE = 4 << 20;

  /** The maximum number of pages that are requested for one bill. */
  static final int MOST_PAGES = 200;

  private static final Logger LOG = LoggerFactory.getLogger(OutboundBilling.class);

  private static final int OK = 200;
  private static final int NOT_FOUND = 404;

  private final BillingCalls calls;
  private final OutboundProbe probe;
  private final InstantSource clock;

  /**
   * @param clock the clock that decides whether a day is over. The clock has to be the database's
   *     clock, which the readers of the figures use, too
   */
  public OutboundBilling(BillingCalls calls, OutboundProbe probe, InstantSource clock) {
    this.calls = calls;
    this.probe = probe;
    this.clock = clock;
  }

  @Override
  public Reading read(Account account, LocalDate from, LocalDate to, Duration limit) {
    return switch (calls.open(account)) {
      case Opened.Failed failed -> new Reading.Failed(failed.why());
      case Opened.Ready ready -> {
        try (AuthorizedCall call = ready.call()) {
          yield read(call, ready.credential(), from, to, limit);
        }
      }
    };
  }

  @Override
  public Checked check(AuthorizedCall call, BillingCredential credential, LocalDate day) {
    Duration toRead = BillingCheck.LIMIT.minus(BillingCalls.EACH.duration());
    return switch (read(call, credential, day, day, toRead)) {
      case Reading.Failed failed -> new Checked(Optional.of(failed.why()), ModelAccess.UNKNOWN);
      case Reading.Read unused -> new Checked(Optional.empty(), modelAccess(call));
    };
  }

  private ModelAccess modelAccess(AuthorizedCall call) {
    return switch (probe.probe(call, BillingCalls.EACH.duration()).join().status()) {
      case OK -> ModelAccess.YES;
      case UNAUTHORIZED -> ModelAccess.NO;
      case UNREACHABLE, TIMEOUT, ERROR, NO_KEY -> ModelAccess.UNKNOWN;
    };
  }

  private Reading read(
      AuthorizedCall call,
      BillingCredential credential,
      LocalDate from,
      LocalDate to,
      Duration limit) {
    if (to.isBefore(from) || from.until(to, ChronoUnit.DAYS) >= ProviderBilling.MOST_DAYS) {
      throw new IllegalArgumentException("the span must be 1 to 31 days");
    }
    Instant readAt = clock.instant();
    try (Redactor secrets = CallSecretRedactor.of(call, false)) {
      Session session = new Session(call, System.nanoTime() + limit.toNanos());
      BillTable table = new BillTable(credential.scope(), from, to, secrets::finds);
      for (BillSource source : BillSource.of(credential.api())) {
        session.read(source, credential.scope(), from, to, table);
      }
      ProviderFigures figures = table.figures(readAt);
      return new Reading.Read(figures, credential.apiKeyId());
    } catch (UnreadableBill unreadable) {
      return new Reading.Failed(unreadable.why());
    } catch (RuntimeException e) {
      // Whatever the answer contains, the owner is told that the bill can't be read.
      LOG.warn("Claviger could not read a provider's figures.", e);
      return new Reading.Failed(BillingFailure.BILL_UNREADABLE);
    }
  }

  /** The requests for one bill, and what remains of the limits for these requests. */
  private final class Session {
    private final AuthorizedCall call;
    private final long end;
    private int bytesLeft = MOST_BYTES;
    private int pagesLeft = MOST_PAGES;

    Session(AuthorizedCall call, long end) {
      this.call = call;
      this.end = end;
    }

    void read(
        BillSource source, Optional<String> scope, LocalDate from, LocalDate to, BillTable table) {
      Set<String> tokens = new HashSet<>();
      Optional<String> page = Optional.empty();
      do {
        Answer answer = ask(source.path(), source.query(scope, from, to, page));
        if (answer.status() == NOT_FOUND && source.isOptional() && page.isEmpty()) {
          return;
        }
        page = table.add(source, demandFigures(answer));
        if (page.isPresent() && !tokens.add(page.get())) {
          throw new UnreadableBill(BillingFailure.BILL_UNREADABLE);
        }
      } while (page.isPresent());
    }

    private Answer ask(String path, String query) {
      if (pagesLeft == 0) {
        throw new UnreadableBill(BillingFailure.BILL_TOO_LARGE);
      }
      pagesLeft--;
      Duration left = Duration.ofNanos(end - System.nanoTime());
      if (!left.isPositive()) {
        throw new UnreadableBill(BillingFailure.TIMED_OUT);
      }
      Duration most = BillingCalls.EACH.duration();
      ProbeRequest request =
          new ProbeRequest(
              HttpMethod.GET, path, query, call.standard().format().api().requiredHeaders());
      Answer answer =
          probe
              .send(
                  new Request(
                      call,
                      request,
                      left.compareTo(most) < 0 ? left : most,
                      Math.min(bytesLeft, MOST_BYTES_OF_PAGE)))
              .join();
      bytesLeft -= answer.body().length;
      return answer;
    }

    private static byte[] demandFigures(Answer answer) {
      Optional<BillingFailure> why =
          answer
              .failure()
              .or(
                  () ->
                      switch (answer.status()) {
                        case OK -> Optional.empty();
                        case 401, 403 -> Optional.of(BillingFailure.KEY_REJECTED);
                        case 429 -> Optional.of(BillingFailure.RATE_LIMITED);
                        default -> Optional.of(BillingFailure.UNREACHABLE);
                      });
      if (why.isPresent()) {
        throw new UnreadableBill(why.get());
      }
      return answer.body();
    }
  }

  /**
   * A provider's answer, or the reason why there is no answer.
   *
   * @param status the HTTP status; 0 if there was no answer
   * @param body the body; empty unless the status is 200
   */
  @SuppressWarnings("ArrayRecordComponent") // Nobody changes or compares the array.
  private record Answer(Optional<BillingFailure> failure, int status, byte[] body) {
    static Answer failed(BillingFailure why) {
      return new Answer(Optional.of(why), 0, new byte[0]);
    }
  }

  /** One request. The request ends after the answer's head unless the status means success. */
  private static final class Request extends ProviderCall<Answer> {
    private final HeldBody body;

    Request(AuthorizedCall authorized, ProbeRequest request, Duration limit, int mostBytes) {
      super(authorized, request, limit);
      this.body = new HeldBody(mostBytes);
    }

    @Override
    public void answered(HttpResponse head) {
      int status = head.status().code();
      if (status != OK) {
        end(new Answer(Optional.empty(), status, new byte[0]));
      } else if (!isForwardable(head)) {
        end(Answer.failed(BillingFailure.BILL_UNREADABLE));
      }
    }

    @Override
    public void content(ByteBuf content) {
      if (!body.add(content)) {
        end(Answer.failed(BillingFailure.BILL_TOO_LARGE));
      }
    }

    @Override
    public void answerEnded() {
      end(new Answer(Optional.empty(), OK, body.bytes()));
    }

    @Override
    public void refused(CallError why) {
      end(
          Answer.failed(
              why.code().equals(CallError.DESTINATION_NOT_ALLOWED.code())
                  ? BillingFailure.ADDRESS_NOT_ALLOWED
                  : BillingFailure.UNREACHABLE));
    }

    @Override
    public void silent() {
      end(Answer.failed(BillingFailure.TIMED_OUT));
    }

    @Override
    public void malformed() {
      end(Answer.failed(BillingFailure.BILL_UNREADABLE));
    }

    @Override
    protected void giveUp() {
      end(Answer.failed(BillingFailure.UNREACHABLE));
    }
  }
}
