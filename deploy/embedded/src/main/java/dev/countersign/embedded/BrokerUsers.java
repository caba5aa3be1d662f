package dev.countersign.embedded;

import dev.countersign.protocol.kafka.KafkaUser;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialAlteration;
import org.apache.kafka.clients.admin.UserScramCredentialDeletion;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.quota.ClientQuotaFilter;

/**
 * Whom a broker knows besides {@link KafkaUser#ADMIN}, what each may do, and how much of it. What
 * is not listed is taken away, whoever made it.
 */
final class BrokerUsers {
  static final int ITERATIONS = 4096;

  /**
   * How much who is no service may write and keep the broker busy: 11 GB a day at most, which is
   * how long {@code permission.requests} keeps it, and one of the broker's six threads.
   */
  static final Map<String, Double> QUOTA =
      Map.of("producer_byte_rate", 128.0 * 1024, "request_percentage", 100.0);

  private static final Duration KNOWN = Duration.ofSeconds(30);

  private final Map<String, KafkaUser> users = new HashMap<>();
  private final UnaryOperator<String> passwords;

  /**
   * @param passwords the password of a user of this name
   * @throws IllegalArgumentException if two users have one name: each would have the other's rights
   */
  BrokerUsers(List<KafkaUser> users, UnaryOperator<String> passwords) {
    this.passwords = passwords;
    for (KafkaUser user : users) {
      if (user.name().equals(KafkaUser.ADMIN) || this.users.put(user.name(), user) != null) {
        throw new IllegalArgumentException(
            "each user of Kafka needs a name of its own: " + user.name());
      }
    }
  }

  /** First takes away what is too much: nobody who is let in can do more meanwhile. */
  void establish(Admin admin) throws ExecutionException, InterruptedException {
    Set<AclBinding> rules =
        users.values().stream().flatMap(user -> Acls.of(user).stream()).collect(Collectors.toSet());
    removeLogins(admin);
    removeRules(admin, rules);
    quotas(admin);
    admin.alterUserScramCredentials(users.keySet().stream().map(this::login).toList()).all().get();
    admin.createAcls(rules).all().get();
    await(() -> Set.copyOf(admin.describeAcls(AclBindingFilter.ANY).values().get()).equals(rules));
  }

  /**
   * Returns once somebody can log in: the broker knows a login a moment after it has confirmed it.
   *
   * @param client how they reach the broker
   */
  static void awaitLogin(Map<String, Object> client)
      throws ExecutionException, InterruptedException {
    await(
        () -> {
          try (Admin admin = Admin.create(client)) {
            admin.describeCluster().clusterId().get();
            return true;
          } catch (ExecutionException e) {
            if (e.getCause() instanceof SaslAuthenticationException) {
              return false;
            }
            throw e;
          }
        });
  }

  private interface Question {
    boolean isTrue() throws ExecutionException, InterruptedException;
  }

  private static void await(Question question) throws ExecutionException, InterruptedException {
    for (long deadline = System.nanoTime() + KNOWN.toNanos(); !question.isTrue(); ) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "the broker does not know its users after " + KNOWN.toSeconds() + " s");
      }
      Thread.sleep(20);
    }
  }

  private UserScramCredentialAlteration login(String user) {
    ScramCredentialInfo info = new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, ITERATIONS);
    return new UserScramCredentialUpsertion(user, info, passwords.apply(user));
  }

  private void removeLogins(Admin admin) throws ExecutionException, InterruptedException {
    List<UserScramCredentialAlteration> removed = new ArrayList<>();
    for (var user : admin.describeUserScramCredentials().all().get().values()) {
      if (!users.containsKey(user.name()) && !user.name().equals(KafkaUser.ADMIN)) {
        user.credentialInfos().stream()
            .map(info -> new UserScramCredentialDeletion(user.name(), info.mechanism()))
            .forEach(removed::add);
      }
    }
    admin.alterUserScramCredentials(removed).all().get();
  }

  private static void removeRules(Admin admin, Set<AclBinding> wanted)
      throws ExecutionException, InterruptedException {
    Collection<AclBinding> present = admin.describeAcls(AclBindingFilter.ANY).values().get();
    List<AclBindingFilter> superfluous =
        present.stream()
            .filter(binding -> !wanted.contains(binding))
            .map(AclBinding::toFilter)
            .toList();
    admin.deleteAcls(superfluous).all().get();
  }

  private void quotas(Admin admin) throws ExecutionException, InterruptedException {
    Set<String> services =
        KafkaUser.SERVICES.stream().map(KafkaUser::name).collect(Collectors.toSet());
    Map<ClientQuotaEntity, Map<String, Double>> wanted =
        users.keySet().stream()
            .filter(user -> !services.contains(user))
            .collect(Collectors.toMap(BrokerUsers::entity, user -> QUOTA));
    var present = admin.describeClientQuotas(ClientQuotaFilter.all()).entities().get();
    Set<ClientQuotaEntity> all = new HashSet<>(present.keySet());
    all.addAll(wanted.keySet());
    List<ClientQuotaAlteration> changes = new ArrayList<>();
    for (ClientQuotaEntity entity : all) {
      Map<String, Double> values = new HashMap<>();
      present.getOrDefault(entity, Map.of()).keySet().forEach(name -> values.put(name, null));
      values.putAll(wanted.getOrDefault(entity, Map.of()));
      changes.add(
          new ClientQuotaAlteration(
              entity,
              values.entrySet().stream()
                  .map(value -> new ClientQuotaAlteration.Op(value.getKey(), value.getValue()))
                  .toList()));
    }
    admin.alterClientQuotas(changes).all().get();
  }

  static ClientQuotaEntity entity(String user) {
    return new ClientQuotaEntity(Map.of(ClientQuotaEntity.USER, user));
  }
}
