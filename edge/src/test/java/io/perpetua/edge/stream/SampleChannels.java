package io.perpetua.edge.stream;

import io.perpetua.edge.Fields;
import io.perpetua.edge.Problem;
import jakarta.inject.Singleton;
import java.util.List;

/** Channel {@code numbers}, of whatever market is named. */
@Singleton
public class SampleChannels implements StreamChannels {
    @Override
    public StreamTopic topic(StreamRequest request) {
        String channel = Fields.required("channel", request.channel(), text -> text);
        if (!channel.equals("numbers")) {
            throw Problem.fieldInvalid("channel", "'channel' is none of the allowed words")
                    .allowing(List.of("numbers"))
                    .exception();
        }
        return new StreamTopic(
                channel, Fields.required("market", request.market(), text -> text), null);
    }
}
