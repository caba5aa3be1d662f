package dev.countersign.store.imports;

import dev.countersign.document.DocumentText;
import dev.countersign.protocol.ChangeSource;
import dev.countersign.protocol.Json;
import dev.countersign.store.OwnContext;
import dev.countersign.store.document.Change;
import dev.countersign.store.users.Expected;
import dev.countersign.store.users.PermissionReader;
import dev.countersign.store.users.PermissionReader.Settled;
import dev.countersign.store.users.WriteRequest;
import dev.countersign.store.users.Written;
import dev.countersign.store.writing.Writes;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.Set;

/**
 * Imports one file into one user's document: one write, or none. The write expects the version that
 * the merge was made from; if somebody else was faster, the merge is made again.
 */
@ApplicationScoped
public class Imports {
  private static final String VERSION_CONFLICT = "version_conflict";
  private static final int TRIES = 20;

  private final PermissionReader reader;
  private final ImportedFiles files;
  private final Writes writes;
  private final OwnContext context;
  private final Clock clock;

  Imports(
      PermissionReader reader,
      ImportedFiles files,
      Writes writes,
      OwnContext context,
      Clock clock) {
    this.reader = reader;
    this.files = files;
    this.writes = writes;
    this.context = context;
    this.clock = clock;
  }

  /**
   * Imports a file, or says what that would do. Fails only where nothing is known of the outcome;
   * then the same import can be made again, and changes nothing that it changed before.
   */
  public Uni<ImportReport> run(Upload upload) {
    return Uni.createFrom()
        .item(
            () -> {
              try {
                return ReadFile.of(upload);
              } catch (UnreadableFileException e) {
                throw new Unreadable(e);
              }
            })
        .runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
        .chain(file -> unlessKnown(upload, file))
        .onFailure(Unreadable.class)
        .recoverWithItem(failure -> unreadable(upload, ((Unreadable) failure).why));
  }

  private static final class Unreadable extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final UnreadableFileException why;

    Unreadable(UnreadableFileException why) {
      super(why);
      this.why = why;
    }
  }

  private static ImportReport unreadable(Upload upload, UnreadableFileException why) {
    Format format = upload.format();
    String name = upload.file() != null ? Texts.shown(upload.file()) : "the file";
    return ImportReport.refused(
        upload.user().user(), name, format == null ? null : format.word(), upload.dryRun(), why);
  }

  private Uni<ImportReport> unlessKnown(Upload upload, ReadFile file) {
    if (!upload.once()) {
      return merge(upload, file, TRIES);
    }
    return context
        .run(() -> files.knows(upload.user(), file.digest()))
        .chain(
            known ->
                known
                    ? Uni.createFrom().item(new Outcomes(upload, file).importedBefore())
                    : merge(upload, file, TRIES));
  }

  private Uni<ImportReport> merge(Upload upload, ReadFile file, int tries) {
    return context
        .run(() -> reader.settled(upload.user()))
        .emitOn(Infrastructure.getDefaultWorkerPool())
        .chain(settled -> merge(upload, file, settled, tries));
  }

  private Uni<ImportReport> merge(Upload upload, ReadFile file, Settled settled, int tries) {
    Outcomes outcomes = new Outcomes(upload, file);
    long version = settled.now().version();
    if (newer(settled, upload)) {
      return Uni.createFrom().item(outcomes.keptNewer(version, settled.changed()));
    }
    Merge.Merged merged =
        Merge.of(
            file.items(),
            DocumentText.read(settled.now().document()),
            file.format() == Format.PERMISSIONS,
            clock.instant());
    int size = DocumentText.size(DocumentText.write(merged.document()));
    if (size > Json.MAX_DOCUMENT_BYTES) {
      String detail =
          "the document would have %d bytes; it may have %d"
              .formatted(size, Json.MAX_DOCUMENT_BYTES);
      return Uni.createFrom().item(outcomes.refused("too_large", detail));
    }
    if (upload.dryRun()) {
      return Uni.createFrom().item(outcomes.would(merged, version));
    }
    if (!merged.changed()) {
      return remember(upload, file).replaceWith(() -> outcomes.done(merged, version));
    }
    WriteRequest write = write(upload, file, merged, version);
    return (upload.once() ? writes.writeInTurn(write) : writes.write(write))
        .chain(written -> written(upload, file, merged, written, tries));
  }

  private static boolean newer(Settled settled, Upload upload) {
    return settled.changed() != null
        && upload.modified() != null
        && settled.changed().isAfter(upload.modified());
  }

  private Uni<ImportReport> written(
      Upload upload, ReadFile file, Merge.Merged merged, Written written, int tries) {
    if (written.reply().ok()) {
      long version = written.reply().version();
      return remember(upload, file)
          .replaceWith(() -> new Outcomes(upload, file).done(merged, version));
    }
    if (written.reply().code().equals(VERSION_CONFLICT) && tries > 1) {
      return merge(upload, file, tries - 1);
    }
    return Uni.createFrom()
        .item(new Outcomes(upload, file).refused(written.reply().code(), written.reply().detail()));
  }

  private WriteRequest write(Upload upload, ReadFile file, Merge.Merged merged, long version) {
    ChangeSource source =
        new ChangeSource(
            ChangeSource.Via.IMPORT,
            upload.actor(),
            null,
            "%s %s %s".formatted(file.format().word(), file.name(), file.digest()));
    return new WriteRequest(
        upload.user(),
        null,
        new Change.Write(merged.document()),
        new Expected.OneOf(Set.of(version)),
        source,
        clock.instant());
  }

  private Uni<Void> remember(Upload upload, ReadFile file) {
    Instant now = clock.instant();
    return upload.once()
        ? context.run(() -> files.remember(upload.user(), file.digest(), now))
        : Uni.createFrom().voidItem();
  }
}
