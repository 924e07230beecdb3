"""What the workers find out about visitors themselves: likelihoods, RFM, affinities, groups."""
