package dev.ccr.proxy.server;

import dev.ccr.proxy.admission.Admission;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.util.internal.PlatformDependent;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What the router has taken on, and how far its event loops are behind. One a process. */
public final class AdmissionControl {

  /**
   * A body may have a buffer twice its size, is copied when the buffer grows, and is said again for
   * the upstream; and there are others who need buffers.
   */
  private static final int SHARE_OF_MEMORY = 4;

  private final Admission admission;
  private final Map<EventLoop, LagProbe> probes = new ConcurrentHashMap<>();

  /** Counts in real time, and lets bodies and answers have a quarter of the buffers' memory. */
  public AdmissionControl() {
    this(
        new Admission(
            System::nanoTime, PlatformDependent.estimateMaxDirectMemory() / SHARE_OF_MEMORY));
  }

  AdmissionControl(Admission admission) {
    this.admission = admission;
  }

  /** What has been taken on. */
  public Admission admission() {
    return admission;
  }

  /** The longest standing delay of any event loop, in nanoseconds. Any thread may ask. */
  public long lagNanos() {
    return probes.values().stream().mapToLong(probe -> probe.lag().standing()).max().orElse(0);
  }

  /** The probe of a channel's event loop, which alone may wake it. */
  LagProbe probe(Channel channel) {
    return probes.computeIfAbsent(channel.eventLoop(), LagProbe::new);
  }
}
