package io.perpetua.marketdata.domain.oracle;

import io.perpetua.contracts.marketdata.SourcePrice;
import io.perpetua.contracts.marketdata.SourceState;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.Rate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the sources of a market say together, before it is judged: the {@link WeightedMedian} of the
 * samples that are positive and recent, and not ahead of our clock as when it was set back, without
 * those more than 5 % off it. Of two prices in the middle it is the one nearer to the last index,
 * of two confidences the wider. A source that lies alone changes nothing: beside two or more
 * others, the index stays within what these say.
 *
 * @param sample the index; without one that counts, the newest there is; null when no source ever
 *     spoke
 * @param agreeing how many sources it is made of; 0 when none counts
 * @param sources what each had to say
 */
public record OracleIndex(@Nullable OracleSample sample, int agreeing, List<SourcePrice> sources) {
    private static final Rate OUTLYING = Rate.ofBasisPoints(500);

    private record Vote(OracleSource source, OracleSample sample) {
        long price() {
            return sample.priceUnits();
        }

        long confidence() {
            return sample.confidenceUnits();
        }

        int weight() {
            return source.weight();
        }
    }

    /**
     * The index of {@code sources} now.
     *
     * @param last the last valid index, or null
     * @param stalenessMillis the market's limit, which holds beside each source's own
     */
    public static OracleIndex of(
            List<OracleSource> sources,
            @Nullable Price last,
            long stalenessMillis,
            long nowMillis) {
        List<Vote> counting = new ArrayList<>();
        List<Vote> others = new ArrayList<>();
        List<OracleSource> silent = new ArrayList<>();
        for (OracleSource source : sources) {
            OracleSample sample = source.feed().sample(nowMillis);
            if (sample == null) {
                silent.add(source);
                continue;
            }
            long limitMillis = Math.min(stalenessMillis, source.stalenessMillis());
            boolean counts =
                    sample.priceUnits() > 0
                            && nowMillis - sample.publishedAtMillis() <= limitMillis
                            && sample.publishedAtMillis() - nowMillis
                                    <= NewestSample.MOST_AHEAD_MILLIS;
            (counts ? counting : others).add(new Vote(source, sample));
        }
        List<SourcePrice> said = new ArrayList<>(sources.size());
        OracleSample index;
        int agreeing = 0;
        if (counting.isEmpty()) {
            index =
                    others.stream()
                            .map(Vote::sample)
                            .max(Comparator.comparingLong(OracleSample::publishedAtMillis))
                            .orElse(null);
        } else {
            List<Vote> kept = withoutOutliers(counting, last, said);
            index = median(kept, last);
            agreeing = kept.size();
            kept.forEach(vote -> said.add(said(vote, SourceState.USED)));
        }
        for (Vote vote : others) {
            said.add(said(vote, vote.price() > 0 ? SourceState.STALE : SourceState.INVALID));
        }
        for (OracleSource source : silent) {
            said.add(
                    new SourcePrice(
                            source.name(), source.weight(), SourceState.SILENT, null, null, 0, 0));
        }
        said.sort(Comparator.comparing(SourcePrice::name));
        return new OracleIndex(index, agreeing, List.copyOf(said));
    }

    private static List<Vote> withoutOutliers(
            List<Vote> votes, @Nullable Price last, List<SourcePrice> said) {
        long middle = price(votes, last);
        long widest = Shares.of(new Price(middle), OUTLYING);
        List<Vote> kept = new ArrayList<>();
        for (Vote vote : votes) {
            if (Math.absExact(vote.price() - middle) <= widest) {
                kept.add(vote);
            } else {
                said.add(said(vote, SourceState.OUTLIER));
            }
        }
        return kept;
    }

    private static OracleSample median(List<Vote> votes, @Nullable Price last) {
        long price = price(votes, last);
        long confidence =
                WeightedMedian.of(votes, Vote::confidence, Vote::weight, (low, high) -> high);
        Vote chosen = votes.getFirst();
        for (Vote vote : votes) {
            if (vote.price() == price) {
                chosen = vote;
            }
        }
        OracleSample of = chosen.sample();
        return new OracleSample(
                price, confidence, chosen.source().name(), of.publishedAtMillis(), of.slot());
    }

    private static long price(List<Vote> votes, @Nullable Price last) {
        return WeightedMedian.of(
                votes,
                Vote::price,
                Vote::weight,
                (low, high) ->
                        last != null
                                        && Math.absExact(high - last.units())
                                                < Math.absExact(low - last.units())
                                ? high
                                : low);
    }

    private static SourcePrice said(Vote vote, SourceState state) {
        boolean positive = vote.price() > 0;
        return new SourcePrice(
                vote.source().name(),
                vote.weight(),
                state,
                positive ? new Price(vote.price()) : null,
                positive ? new Quantity(vote.confidence()) : null,
                vote.sample().publishedAtMillis(),
                vote.sample().slot());
    }
}
