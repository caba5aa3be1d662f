package dev.countersign.store.users;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** One line of a user's history: who changed what, when, through which way, before and after. */
@Entity
@Table(name = "permission_history")
public class HistoryLine extends PanacheEntityBase {
  @Id
  @GeneratedValue(strategy = GenerationType.IDENTITY)
  public Long id;

  @Column(nullable = false)
  public String tenant;

  @Column(name = "user_id", nullable = false)
  public String user;

  @Column(nullable = false)
  public long version;

  @Column(nullable = false)
  public Instant at;

  @Column(nullable = false)
  public String action;

  @Column(name = "changes_document", nullable = false)
  public boolean changesDocument = true;

  public String actor;

  @Column(nullable = false)
  public String via;

  @Column(name = "prompt_id")
  public String promptId;

  @Column(name = "session_id")
  public String sessionId;

  public String note;
  public String tool;
  public String resource;
  public String level;

  @Column(name = "command_id")
  public String commandId;

  @Column(name = "before_document")
  public String before;

  @Column(name = "after_document")
  public String after;
}
