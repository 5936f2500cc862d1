package dev.ccr.proxy.upstream;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.dns.DatagramDnsQuery;
import io.netty.handler.codec.dns.DatagramDnsQueryDecoder;
import io.netty.handler.codec.dns.DatagramDnsResponse;
import io.netty.handler.codec.dns.DatagramDnsResponseEncoder;
import io.netty.handler.codec.dns.DefaultDnsRawRecord;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.handler.codec.dns.DnsSection;
import io.netty.resolver.dns.SingletonDnsServerAddressStreamProvider;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A name server on a loopback address, over UDP. It knows IPv4 addresses only. */
final class NameServer implements AutoCloseable {

  /** Seconds. */
  private static final int TTL = 1;

  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final Map<String, List<String>> addresses = new ConcurrentHashMap<>();
  private final Map<String, DnsResponseCode> codes = new ConcurrentHashMap<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final Channel channel;

  NameServer() {
    channel =
        new Bootstrap()
            .group(loops)
            .channel(NioDatagramChannel.class)
            .handler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel
                        .pipeline()
                        .addLast(
                            new DatagramDnsQueryDecoder(),
                            new DatagramDnsResponseEncoder(),
                            new Answers());
                  }
                })
            .bind("127.0.0.1", 0)
            .syncUninterruptibly()
            .channel();
  }

  /** Answers for a name with these addresses from now on. */
  NameServer knows(String name, String... ipv4) {
    addresses.put(name + ".", List.of(ipv4));
    return this;
  }

  /** Answers for a name with a code. A name of which nothing is said gets no answer. */
  NameServer says(String name, DnsResponseCode code) {
    codes.put(name + ".", code);
    return this;
  }

  /** The names asked for so far, without the dot behind them. */
  List<String> asked() {
    return List.copyOf(asked);
  }

  /** For resolvers that are to ask this server alone. */
  SingletonDnsServerAddressStreamProvider alone() {
    return new SingletonDnsServerAddressStreamProvider(
        (InetSocketAddress) channel.localAddress());
  }

  @Override
  public void close() {
    loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  private final class Answers extends SimpleChannelInboundHandler<DatagramDnsQuery> {

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, DatagramDnsQuery query) {
      DnsQuestion question = query.recordAt(DnsSection.QUESTION);
      String name = question.name();
      asked.add(name.substring(0, name.length() - 1));
      DnsResponseCode code = codes.get(name);
      List<String> known = addresses.get(name);
      if (code == null && known == null) {
        return; // silence
      }
      DatagramDnsResponse response =
          new DatagramDnsResponse(
              /* sender= */ query.recipient(), /* recipient= */ query.sender(), query.id());
      response.addRecord(DnsSection.QUESTION, question);
      if (code != null) {
        response.setCode(code);
      } else if (known != null && question.type().equals(DnsRecordType.A)) {
        for (String address : known) {
          response.addRecord(
              DnsSection.ANSWER,
              new DefaultDnsRawRecord(
                  name,
                  DnsRecordType.A,
                  TTL,
                  Unpooled.wrappedBuffer(NetUtil.createByteArrayFromIpAddressString(address))));
        }
      }
      ctx.writeAndFlush(response);
    }
  }
}
