//! Which token of the chain a word is.

use super::*;

impl Binder<'_> {
    /// The canonical token a word names on the action's chain.
    pub(super) fn token(&mut self, thing: &Thing, field: Field, spans: &[Span]) -> Option<String> {
        let chain = self.chain_id();
        match self.token_on(thing, field, chain.as_deref()) {
            Ok(token) => token,
            Err(question) => {
                self.problem(question.with_spans(spans));
                None
            }
        }
    }

    pub(super) fn token_on(
        &self,
        thing: &Thing,
        field: Field,
        chain: Option<&str>,
    ) -> Result<Option<String>, Question> {
        let lexicon = self.lexicon;
        let index = chain.and_then(|c| lexicon.chain(c));
        match thing {
            Thing::Unsaid => Ok(None),
            Thing::Unknown(said) => Err(unknown_token(field, said, chain, lexicon)),
            Thing::Either(said) => Err(ask(
                field,
                Reason::Ambiguous,
                format!("You named two tokens (“{said}”). Which one should it be?"),
            )),
            Thing::Address(address) => {
                if let Err(why) = crate::account::check_address(address) {
                    return Err(ask(
                        field,
                        Reason::Invalid,
                        format!("{} Which token is it?", why.sentence(address)),
                    ));
                }
                let known = index.and_then(|c| lexicon.token_at(c, address));
                Ok(Some(known.map_or_else(
                    || address.clone(),
                    |t| lexicon.vocabulary.tokens[usize::from(t)].symbol.clone(),
                )))
            }
            Thing::Name(name) => {
                let entry = &lexicon.names[usize::from(*name)];
                let Some(index) = index else {
                    // No chain yet: any token of that name will do until there is one.
                    let any = entry.tokens.iter().find(|&&t| t != crate::names::NONE);
                    if let Some(&token) = any {
                        return Ok(Some(lexicon.vocabulary.tokens[usize::from(token)].symbol.clone()));
                    }
                    let offers =
                        entry.offers.iter().flatten().next().map(|o| self.offers(*o)).unwrap_or_default();
                    return Err(several(field, &offers));
                };
                let elsewhere = entry.tokens.iter().find(|&&t| t != crate::names::NONE);
                let symbol = elsewhere.map(|&t| lexicon.vocabulary.tokens[usize::from(t)].symbol.as_str());
                let here = entry.tokens[usize::from(index)] != crate::names::NONE;
                if let Some(question) = symbol
                    .filter(|_| !here && !entry.vague)
                    .and_then(|said| foreign_native(field, said, chain, lexicon))
                {
                    return Err(question);
                }
                if let Some(offer) = entry.offers[usize::from(index)] {
                    return Err(several(field, &self.offers(offer)));
                }
                let token = entry.tokens[usize::from(index)];
                if token == crate::names::NONE {
                    let said = entry.tokens.iter().find(|&&t| t != crate::names::NONE);
                    let said =
                        said.map_or("That", |&t| lexicon.vocabulary.tokens[usize::from(t)].symbol.as_str());
                    let said = if entry.vague { "that" } else { said };
                    return Err(unknown_token(field, said, chain, lexicon));
                }
                Ok(Some(lexicon.vocabulary.tokens[usize::from(token)].symbol.clone()))
            }
        }
    }

    pub(super) fn offers(&self, (row, offer): (u16, u16)) -> Vec<String> {
        self.lexicon.vocabulary.ambiguous[usize::from(row)].candidates[usize::from(offer)].1.clone()
    }

    /// The token of given funds: said, or that of the output they are.
    pub(super) fn given_token(&mut self, said: &Said, field: Field) -> Option<String> {
        let of_output = said.base == Base::It || (said.thing == Thing::Unsaid && said.base != Base::Mine);
        if said.thing == Thing::Unsaid && of_output {
            if self.pool == Pool::Unclear && !matches!(said.how, How::Percent(_) | How::Fraction(..)) {
                return None;
            }
            let found = self.source_of(None, said.how == How::Rest);
            let undivided = found.is_none_or(|o| self.outputs.list[o].use_ != Use::Part);
            let chain = self.chain_id().unwrap_or_default();
            if let Some(token) =
                self.outputs.divided_balance(&chain).filter(|_| said.how == How::Rest && undivided)
            {
                return Some(token.to_owned());
            }
            if let Some(output) = found.map(|o| &self.outputs.list[o]) {
                return Some(output.token.clone()).filter(|t| !t.is_empty());
            }
        }
        let chain = self.chain_id();
        self.token_in_context(said, field, chain.as_deref())
    }

    pub(super) fn token_in_context(
        &mut self,
        said: &Said,
        field: Field,
        chain: Option<&str>,
    ) -> Option<String> {
        match self.token_on(&said.thing, field, chain) {
            Ok(token) => {
                if let Some(question) = self.another(said, token.as_deref(), field, chain) {
                    self.problem(question.with_spans(&said.token));
                    return None;
                }
                token
            }
            Err(question) => {
                self.problem(question.with_spans(&said.token));
                None
            }
        }
    }

    /// A token's name with an address behind it that is not its own on the chain.
    fn another(
        &self,
        said: &Said,
        token: Option<&str>,
        field: Field,
        chain: Option<&str>,
    ) -> Option<Question> {
        let address = said.contract.as_ref()?;
        if let Err(why) = crate::account::check_address(address) {
            let label = format!("{} Which token is it?", why.sentence(address));
            return Some(ask(field, Reason::Invalid, label));
        }
        let lexicon = self.lexicon;
        let listed = lexicon.token_at(lexicon.chain(chain?)?, address);
        let symbol = listed.map(|t| lexicon.vocabulary.tokens[usize::from(t)].symbol.as_str());
        let token = token.unwrap_or_default();
        (symbol != Some(token)).then(|| {
            let is = symbol.map_or_else(|| "not known there".to_owned(), |s| format!("that of {s}"));
            let label = format!("The address behind {token} is {is} on this chain. Which token is meant?");
            ask(field, Reason::Ambiguous, label)
        })
    }

    pub(super) fn open_output(&self, said: &Said) -> bool {
        // The output's token is itself being asked about.
        let found = self.source_of(None, said.how == How::Rest);
        said.thing == Thing::Unsaid
            && said.base != Base::Mine
            && found.is_some_and(|o| self.outputs.list[o].token.is_empty())
    }
}

pub(super) fn several(field: Field, offers: &[String]) -> Question {
    let label = if offers.is_empty() {
        "That could be several tokens, and none of them is on this chain. Which token is it?".to_owned()
    } else {
        format!("That could be several tokens: {}. Which one is it?", offers.join(", "))
    };
    ask(field, Reason::Ambiguous, label).with_options(offers.iter().map(|s| plain(s)).collect())
}
