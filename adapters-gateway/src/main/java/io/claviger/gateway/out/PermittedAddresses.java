package io.claviger.gateway.out;

import io.claviger.application.credentials.port.TokenAddresses;
import io.claviger.application.trusts.port.OutboundAddresses;
import io.claviger.domain.accounts.User;
import io.claviger.domain.credentials.TokenUrl;
import io.claviger.gateway.egress.AddressPolicy;
import io.claviger.gateway.egress.AddressResolver;
import io.claviger.gateway.egress.AddressScope;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Resolves names, and permits only the addresses that calls to users' services may reach. */
public final class PermittedAddresses implements OutboundAddresses, TokenAddresses {
  private final AddressResolver resolver;
  private final AddressPolicy policy;
  private final BlockingLookups lookUps = new BlockingLookups();

  private PermittedAddresses(AddressResolver resolver, AddressPolicy policy) {
    this.resolver = resolver;
    this.policy = policy;
  }

  public static PermittedAddresses of(OutboundSettings settings) {
    return new PermittedAddresses(settings.resolver(), OutboundTransport.policy(settings));
  }

  /**
   * The limits on threads apply to each host separately, because every issuer chooses its own name
   * server, which could be slow.
   */
  @Override
  public List<InetAddress> permitted(String host, int port, Duration patience)
      throws UnknownHostException, SocketTimeoutException {
    User.Id lane = new User.Id(UUID.nameUUIDFromBytes(host.getBytes(StandardCharsets.UTF_8)));
    List<InetAddress> permitted = lookedUp(lane, host, port, AddressScope.OF_USERS, patience);
    if (permitted.isEmpty()) {
      throw new UnknownHostException("connections to the addresses of the host are not permitted");
    }
    return permitted;
  }

  /**
   * Resolves a host that the operator configured, and permits only the addresses that calls to
   * system-level services may reach.
   *
   * @return empty if no address of the host is permitted
   */
  public List<InetAddress> permittedForOperator(String host, int port) throws UnknownHostException {
    return permitted(host, port, AddressScope.SYSTEM_LEVEL);
  }

  /** Applies the rules for sending a secret, because a token request contains a secret. */
  @Override
  public List<InetAddress> permitted(
      TokenUrl url, User.Id owner, boolean systemLevel, Duration patience)
      throws UnknownHostException, SocketTimeoutException {
    AddressScope scope = new AddressScope(systemLevel, !url.isTls());
    return lookedUp(owner, url.host(), url.port(), scope, patience);
  }

  private List<InetAddress> lookedUp(
      User.Id lane, String host, int port, AddressScope scope, Duration patience)
      throws UnknownHostException, SocketTimeoutException {
    FutureTask<List<InetAddress>> lookUp = new FutureTask<>(() -> permitted(host, port, scope));
    try {
      lookUps.of(lane).execute(lookUp);
      return lookUp.get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SocketTimeoutException("nobody waits for the look-up any more");
    } catch (RejectedExecutionException | TimeoutException e) {
      throw new SocketTimeoutException("the look-up takes too long");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownHostException unknown) {
        throw unknown;
      }
      throw new IllegalStateException(e.getCause());
    } finally {
      boolean unused = lookUp.cancel(false); // a look-up that has not begun does not run
    }
  }

  private List<InetAddress> permitted(String host, int port, AddressScope scope)
      throws UnknownHostException {
    return resolver.resolve(host).stream()
        .filter(address -> policy.permits(host, address, port, scope))
        .toList();
  }
}
